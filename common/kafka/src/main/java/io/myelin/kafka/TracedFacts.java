package io.myelin.kafka;

import io.myelin.kafka.trace.TraceParent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The facts on their way that belong to a trace. The engines know nothing of traces; the shells keep this beside them. Of
 * more than {@value #MOST} facts the oldest are forgotten: they are then published or applied without their trace. Not
 * thread-safe.
 */
final class TracedFacts {
    static final int MOST = 4_096;

    private record Fact(int shard, long seq) {}

    private final Map<Fact, TraceParent> places = new LinkedHashMap<>();

    void put(int shard, long seq, TraceParent place) {
        places.put(new Fact(shard, seq), place);
        if (places.size() > MOST) {
            places.remove(places.keySet().iterator().next());
        }
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** The span that a fact belongs to, once; null if it belongs to none. */
    @Nullable
    TraceParent take(int shard, long seq) {
        return places.isEmpty() ? null : places.remove(new Fact(shard, seq));
    }
}
