package io.myelin.roomserver.deletion;

import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.PruneRedacted;
import io.myelin.engine.UuidV7;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.server.ShardServer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the shards of this process, now and then, to prune what was redacted long enough ago. */
public final class Pruning implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);
    private static final Duration MOST_OFTEN = Duration.ofSeconds(5);
    private static final Duration LEAST_OFTEN = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ShardServer<RoomEntity, RoomCommand, RoomChange> shards;
    private final Duration kept;
    private final UuidV7 ids = new UuidV7(
            System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
    private final Thread thread = Thread.ofVirtual().name("room-pruning").unstarted(this::run);

    /** @param kept how long redacted bodies are kept */
    public Pruning(ShardServer<RoomEntity, RoomCommand, RoomChange> shards, Duration kept) {
        this.shards = shards;
        this.kept = kept;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(pause());
                shards.owned().forEach(this::prune);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** A hundredth of the time for which redacted bodies are kept, within bounds. */
    private Duration pause() {
        Duration pause = kept.dividedBy(100);
        if (pause.compareTo(MOST_OFTEN) < 0) {
            return MOST_OFTEN;
        }
        return pause.compareTo(LEAST_OFTEN) > 0 ? LEAST_OFTEN : pause;
    }

    /** If the shard moves meanwhile, its next owner asks it again. */
    private void prune(int shard) {
        long now = System.currentTimeMillis();
        try {
            shards.service()
                    .ask(
                            shard,
                            ids.get(),
                            now + PATIENCE.toMillis(),
                            new PruneRedacted(shard, now - kept.toMillis(), 0))
                    .join();
        } catch (RuntimeException notNow) { // the next round tries again
            LOG.debug("What was redacted in shard {} stays for now", shard, notNow);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
