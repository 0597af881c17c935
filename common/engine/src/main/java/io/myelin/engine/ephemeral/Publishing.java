package io.myelin.engine.ephemeral;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;

/**
 * A shard's output. Each change gets the next number and is sent at once. After a failure nothing is sent until a mark,
 * sent as a probe, has succeeded; then each waiting key's newest value is sent. A value that is replaced while it waits is
 * never sent, and the hole in the numbers makes readers ask the owner.
 */
final class Publishing<V> {

    private final int shard;
    private final long epoch;
    private final EphemeralEffects<?, V> effects;
    private final EphemeralLimits limits;

    /** Keys whose values wait to be sent, in the order of their numbers. */
    private final SequencedSet<String> unsent = new LinkedHashSet<>();

    private long n;
    private int outstanding;
    private boolean failing;
    private long probeAt;
    private long markAt;
    private long markPause;

    Publishing(int shard, long epoch, EphemeralEffects<?, V> effects, EphemeralLimits limits) {
        this.shard = shard;
        this.epoch = epoch;
        this.effects = effects;
        this.limits = limits;
    }

    Version latest() {
        return new Version(epoch, n);
    }

    /** Whether no publication is under way. */
    boolean isIdle() {
        return outstanding == 0;
    }

    boolean waits(String key) {
        return unsent.contains(key);
    }

    void begin(long now) {
        send(new Publication.Mark<>(latest()));
        expectQuiet(now);
    }

    void changed(String key, Entry<?, V> entry) {
        entry.n = ++n;
        unsent.remove(key);
        unsent.add(key);
    }

    /** Sends the values that wait, up to the limit of records under way. */
    void flush(Map<String, ? extends Entry<?, V>> entries, long now) {
        if (unsent.isEmpty() || failing) {
            return;
        }
        expectQuiet(now);
        for (Iterator<String> keys = unsent.iterator(); keys.hasNext() && outstanding < limits.outstanding(); ) {
            String key = keys.next();
            keys.remove();
            Entry<?, V> entry = entries.get(key);
            if (entry != null && entry.shown != null) {
                send(new Publication.Value<>(new Version(epoch, entry.n), key, entry.shown));
            }
        }
    }

    private void send(Publication<V> publication) {
        outstanding++;
        effects.publish(shard, publication);
    }

    void succeeded() {
        outstanding--;
        failing = false;
    }

    void failed(Publication<V> publication, Map<String, ? extends Entry<?, V>> entries, long now) {
        outstanding--;
        failing = true;
        probeAt = now + limits.retryMillis();
        if (publication instanceof Publication.Value<V> value) {
            Entry<?, V> entry = entries.get(value.key());
            if (entry != null && entry.n == value.version().n()) {
                unsent.add(value.key());
            }
        }
    }

    private void expectQuiet(long now) {
        markPause = limits.markMillis();
        markAt = now + markPause;
    }

    void tick(long now) {
        if (failing) {
            if (outstanding == 0 && now >= probeAt) {
                send(new Publication.Mark<>(latest()));
            }
        } else if (now >= markAt && unsent.isEmpty()) {
            markPause = Math.min(limits.longestMarkMillis(), markPause * 2);
            markAt = now + markPause;
            send(new Publication.Mark<>(latest()));
        }
    }
}
