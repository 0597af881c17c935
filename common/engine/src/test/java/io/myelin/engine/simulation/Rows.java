package io.myelin.engine.simulation;

import io.myelin.engine.LogPosition;
import io.myelin.engine.Numbered;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.engine.shard.TransactionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The content of the simulated database, which a backup copies as a whole. */
final class Rows {

    static final long NOBODY = 0;

    /** A shard's row, its log and its outbox. */
    static final class Shard {
        final int number;
        long epoch;
        long owner = NOBODY;
        int attempts;
        long seq;
        long published;
        LogPosition position = LogPosition.START;

        /** The log without superseded facts: a mark supersedes the mark before. */
        final TreeMap<Long, ToyFact> log;

        final LinkedHashMap<UUID, StoredOrder> outbox;

        /** Every fact in order, for the checks only. */
        final List<ToyFact> history;

        Shard(int number) {
            this.number = number;
            log = new TreeMap<>();
            outbox = new LinkedHashMap<>();
            history = new ArrayList<>();
        }

        private Shard(Shard other) {
            number = other.number;
            epoch = other.epoch;
            owner = other.owner;
            attempts = other.attempts;
            seq = other.seq;
            published = other.published;
            position = other.position;
            log = new TreeMap<>(other.log);
            outbox = new LinkedHashMap<>(other.outbox);
            history = new ArrayList<>(other.history);
        }
    }

    final List<Shard> shards = new ArrayList<>();
    final Map<String, Counter> counters;
    final Map<UUID, byte[]> commands;
    final Map<UUID, byte[]> orderAnswers;
    final Map<TransactionKey, byte[]> transactions;
    final Map<String, TreeMap<Long, Counter>> past;

    Rows(int shardCount) {
        for (int number = 0; number < shardCount; number++) {
            shards.add(new Shard(number));
        }
        counters = new HashMap<>();
        commands = new HashMap<>();
        orderAnswers = new HashMap<>();
        transactions = new HashMap<>();
        past = new HashMap<>();
    }

    private Rows(Rows other) {
        other.shards.forEach(shard -> shards.add(new Shard(shard)));
        counters = new HashMap<>(other.counters);
        commands = new HashMap<>(other.commands);
        orderAnswers = new HashMap<>(other.orderAnswers);
        transactions = new HashMap<>(other.transactions);
        past = new HashMap<>();
        other.past.forEach((key, values) -> past.put(key, new TreeMap<>(values)));
    }

    Rows copy() {
        return new Rows(this);
    }

    void append(Shard shard, Numbered<ToyFact> numbered) {
        ToyFact happening = numbered.fact();
        if (happening.kind() == ToyCommand.Kind.MARK) {
            shard.log
                    .values()
                    .removeIf(earlier -> earlier.kind() == ToyCommand.Kind.MARK
                            && earlier.key().equals(happening.key()));
        }
        shard.log.put(numbered.seq(), happening);
        shard.history.add(happening);
        Counter counter = counters.getOrDefault(happening.key(), Counter.NEW).with(happening);
        counters.put(happening.key(), counter);
        past.computeIfAbsent(happening.key(), key -> new TreeMap<>()).put(numbered.seq(), counter);
    }

    /** A counter's true value as of a number of its shard. */
    Counter truth(String key, long seq) {
        TreeMap<Long, Counter> values = past.get(key);
        Map.Entry<Long, Counter> entry = values == null ? null : values.floorEntry(seq);
        return entry == null ? Counter.NEW : entry.getValue();
    }
}
