package io.myelin.kafka;

import io.myelin.engine.LogPosition;
import io.myelin.engine.shard.SeekResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Positions a loop's consumer where its shards continue to read. Questions to the broker may take seconds and run on
 * another thread; all methods are called on the loop's thread.
 */
final class InputSeeks {

    private static final Logger LOG = LoggerFactory.getLogger(InputSeeks.class);
    private static final long SEEK_RETRY_MILLIS = 300;

    /** The shards that read through the consumer. */
    interface Shards {
        Set<Integer> owned();

        void sought(int shard, long epoch, SeekResult result);
    }

    /** Where the input of a shard is to be read from; a later request has a higher number. */
    private record Seek(long epoch, LogPosition position, long number) {}

    private final String service;
    private final InputConsumer input;
    private final Mailbox mailbox;
    private final Executor workers;
    private final Shards shards;
    private final Map<Integer, Seek> seeks = new HashMap<>();
    private long lastSeek;
    private boolean seeking;

    InputSeeks(String service, InputConsumer input, Mailbox mailbox, Executor workers, Shards shards) {
        this.service = service;
        this.input = input;
        this.mailbox = mailbox;
        this.workers = workers;
        this.shards = shards;
    }

    /** Seeks soon. Requests for many shards at once, as after a claim, become one question to the broker. */
    void seek(int shard, long epoch, LogPosition position) {
        seeks.put(shard, new Seek(epoch, position, ++lastSeek));
        if (!seeking) {
            seeking = true;
            mailbox.put(this::seekAll);
        }
    }

    /** Asks the broker on another thread, since that may take seconds; repeats the question until it succeeds. */
    private void seekAll() {
        seeks.keySet().retainAll(shards.owned());
        if (seeks.isEmpty()) {
            seeking = false;
            return;
        }
        Map<Integer, Seek> asked = Map.copyOf(seeks);
        Map<Integer, Long> divergent = input.divergent();
        Map<Integer, LogPosition> positions = new TreeMap<>();
        asked.forEach((shard, seek) -> positions.put(shard, seek.position()));
        workers.execute(() -> {
            try {
                Map<Integer, InputConsumer.Target> targets =
                        input.find(positions, divergent, System.currentTimeMillis());
                mailbox.put(() -> found(asked, targets));
            } catch (RuntimeException e) {
                LOG.warn("The shards {} of {} cannot be positioned now: {}", positions.keySet(), service, e.toString());
                CompletableFuture.delayedExecutor(SEEK_RETRY_MILLIS, TimeUnit.MILLISECONDS, workers)
                        .execute(() -> mailbox.put(this::seekAll));
            }
        });
    }

    /** Positions the shards whose requests have not changed since the broker was asked, and asks again for the rest. */
    private void found(Map<Integer, Seek> asked, Map<Integer, InputConsumer.Target> targets) {
        Map<Integer, InputConsumer.Target> wanted = new TreeMap<>(targets);
        wanted.keySet().retainAll(shards.owned());
        wanted.keySet().removeIf(shard -> !Objects.equals(asked.get(shard), seeks.get(shard)));
        input.take(wanted).forEach((shard, result) -> {
            Seek seek = Objects.requireNonNull(seeks.remove(shard));
            tellIfElsewhere(shard, seek.position(), result);
            shards.sought(shard, seek.epoch(), result);
        });
        seekAll();
    }

    private void tellIfElsewhere(int shard, LogPosition position, SeekResult result) {
        if (!(result instanceof SeekResult.Positioned) && !position.topic().equals(LogPosition.NO_TOPIC)) {
            LOG.warn("Shard {} of {} goes on elsewhere: {} instead of {}", shard, service, result, position);
        }
    }
}
