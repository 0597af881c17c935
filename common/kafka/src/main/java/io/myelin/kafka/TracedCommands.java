package io.myelin.kafka;

import io.myelin.engine.Numbered;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.kafka.trace.Span;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.kafka.trace.Traces;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The spans of a {@link ShardLoop}: for each traced command one from its arrival to its answer, and below it one for each
 * time that it is decided, for each commit that it is part of, and for each fact that is published. The engine knows nothing
 * of them: they are kept here by the ids of the commands. Commands of one transaction share its times. All methods are
 * called on the loop's thread.
 *
 * <p>Nothing here is stored. A fact that is read from the log again, as after a take-over, has lost its trace.
 */
final class TracedCommands {
    /** How many commands may be under way; the oldest is given up for a new one. */
    static final int MOST = 1_024;

    /** After this time a command without an answer is given up: its shard was lost, or it has expired. */
    static final long LONGEST_MILLIS = 120_000;

    private static final class Traced {
        final Span span;
        final long since;

        @Nullable
        Span commit;

        Traced(Span span, long since) {
            this.span = span;
            this.since = since;
        }

        void giveUp(String why) {
            if (commit != null) {
                commit.failed(why).end();
            }
            span.failed(why).end();
        }
    }

    private final Traces traces;
    private final String service;
    private final String input;
    private final String output;
    private final Map<UUID, Traced> commands = new LinkedHashMap<>();
    private final Map<UUID, TraceParent> orders = new LinkedHashMap<>();
    private final TracedFacts facts = new TracedFacts();
    private @Nullable Span deciding;
    private Span.@Nullable Scope decidingScope;

    TracedCommands(Traces traces, ShardServiceSpec<?, ?, ?> spec) {
        this.traces = traces;
        service = spec.name() + "-server";
        input = spec.input();
        output = spec.output();
    }

    // --- arrival

    /** A command was read from the input topic. */
    void read(ConsumerRecord<byte[], byte[]> message, Request<?> request, long now) {
        TraceParent parent = traces.areOn() ? TraceParent.of(message.headers()) : null;
        if (parent != null && !commands.containsKey(request.id())) {
            Span span = arrived(message.partition(), request, parent, now);
            span.with("messaging.kafka.offset", message.offset());
            span.with("myelin.record.age_ms", now - message.timestamp());
        }
    }

    /** A caller in this process gave a command, while its thread worked on a span. */
    void asked(int shard, Request<?> request, TraceParent caller, long now) {
        if (!commands.containsKey(request.id())) {
            arrived(shard, request, caller, now);
        }
    }

    private Span arrived(int shard, Request<?> request, TraceParent parent, long now) {
        Span span = traces.begin(Span.Kind.CONSUMER, "process " + input, parent)
                .with("messaging.system", "kafka")
                .with("messaging.destination.name", input)
                .with("messaging.message.id", request.id().toString())
                .with("myelin.service", service)
                .with("myelin.shard", shard);
        Object command = request.command();
        if (command != null) {
            span.with("myelin.command", command.getClass().getSimpleName());
        }
        commands.put(request.id(), new Traced(span, now));
        if (commands.size() > MOST) {
            giveUpOldest("too many commands are traced");
        }
        return span;
    }

    private void giveUpOldest(String why) {
        Iterator<Traced> oldest = commands.values().iterator();
        oldest.next().giveUp(why);
        oldest.remove();
    }

    /** Gives up what has waited too long. */
    void tick(long now) {
        while (!commands.isEmpty() && now - commands.values().iterator().next().since > LONGEST_MILLIS) {
            giveUpOldest("no answer from this process");
        }
    }

    // --- deciding

    /** A command is about to be decided. */
    void deciding(UUID command) {
        decided();
        Traced traced = commands.isEmpty() ? null : commands.get(command);
        if (traced != null) {
            Span span = part(traced, "decide");
            deciding = span;
            decidingScope = span.enter();
        }
    }

    /** The command that was being decided, if there was one, is decided or has been broken off. */
    void decided() {
        if (deciding != null) {
            if (decidingScope != null) {
                decidingScope.close();
            }
            deciding.end();
            deciding = null;
            decidingScope = null;
        }
    }

    private Span part(Traced traced, String name) {
        return traces.begin(Span.Kind.INTERNAL, name, traced.span.place()).with("myelin.service", service);
    }

    // --- committing

    /** A transaction is about to be committed. */
    void committing(Batch<?> batch) {
        if (commands.isEmpty()) {
            return;
        }
        int size = batch.shards().stream().mapToInt(part -> part.done().size()).sum();
        for (Batch.OfShard<?> part : batch.shards()) {
            for (Batch.Done<?> done : part.done()) {
                Traced traced = find(done);
                if (traced != null) {
                    traced.commit = part(traced, "commit").with("myelin.commands", size);
                }
            }
        }
    }

    /** The transaction has ended; to be called before anything of it is published. */
    void committed(Batch<?> batch, CommitOutcome outcome) {
        if (commands.isEmpty()) {
            return;
        }
        for (Batch.OfShard<?> part : batch.shards()) {
            for (Batch.Done<?> done : part.done()) {
                Traced traced = find(done);
                if (traced == null || traced.commit == null) {
                    continue;
                }
                if (outcome instanceof CommitOutcome.Committed) {
                    leave(part.shard(), done, traced);
                } else {
                    traced.commit.failed(outcome.toString());
                }
                traced.commit.end();
                traced.commit = null;
            }
        }
    }

    /** Remembers what a command has set free. */
    private void leave(int shard, Batch.Done<?> done, Traced traced) {
        TraceParent place = traced.span.place();
        if (!done.facts().isEmpty()) {
            traced.span.with("myelin.seq", done.firstSeq());
        }
        for (int index = 0; index < done.facts().size(); index++) {
            facts.put(shard, done.firstSeq() + index, place);
        }
        for (StoredOrder order : done.orders()) {
            orders.put(order.id(), place);
            if (orders.size() > MOST) {
                orders.remove(orders.keySet().iterator().next());
            }
        }
    }

    private @Nullable Traced find(Batch.Done<?> done) {
        return done.id() == null ? null : commands.get(done.id());
    }

    // --- afterwards

    /** The command is answered, or its answer is about to be published. */
    void answered(UUID command) {
        Traced traced = commands.isEmpty() ? null : commands.remove(command);
        if (traced != null) {
            traced.span.end();
        }
    }

    /**
     * Facts are about to be published: adds the header to the records of those that are traced.
     *
     * @param messages the record of each fact
     * @return spans that end when the records are acknowledged
     */
    List<Span> publishing(int shard, List<Numbered<byte[]>> published, List<ProducerRecord<byte[], byte[]>> messages) {
        if (facts.isEmpty()) {
            return List.of();
        }
        List<Span> spans = new ArrayList<>();
        for (int index = 0; index < published.size(); index++) {
            long seq = published.get(index).seq();
            TraceParent place = facts.take(shard, seq);
            if (place != null) {
                Span span = sending(output, place).with("myelin.shard", shard).with("myelin.seq", seq);
                span.place().addTo(messages.get(index).headers());
                spans.add(span);
            }
        }
        return spans;
    }

    /** An order is about to be sent. Its first record belongs to the trace of the command that gave it. */
    void ordering(UUID order, ProducerRecord<byte[], byte[]> message) {
        TraceParent place = orders.isEmpty() ? null : orders.remove(order);
        if (place != null) {
            Span span = sending(message.topic(), place);
            span.place().addTo(message.headers());
            span.end();
        }
    }

    private Span sending(String topic, TraceParent place) {
        return traces.begin(Span.Kind.PRODUCER, "send " + topic, place)
                .with("messaging.system", "kafka")
                .with("messaging.destination.name", topic)
                .with("myelin.service", service);
    }

    /** The loop begins anew after a failure. */
    void forget() {
        decided();
        commands.values().forEach(traced -> traced.giveUp("the loop of " + service + " began anew"));
        commands.clear();
    }
}
