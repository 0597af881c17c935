package io.myelin.roomserver.deletion;

import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomAdminCommand.DeleteHistory;
import io.myelin.contracts.room.RoomAdminCommand.DeletePurgedRows;
import io.myelin.contracts.room.RoomAdminCommand.ShutDownRoom;
import io.myelin.contracts.room.RoomAdminCommand.Shutdown;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.engine.UuidV7;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.storage.RoomTables;
import io.myelin.roomserver.storage.UnfinishedHistoryPurge;
import io.myelin.roomserver.storage.UnfinishedPurge;
import io.myelin.server.ShardServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the purges in this process's shards are completed. Each slice of a purge orders the next; if a slice
 * fails, nothing is ordered any more, and the purge stands still. A purge that has not moved since the last look is ordered
 * to go on.
 */
public final class PurgeResumption implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PurgeResumption.class);
    private static final Duration PAUSE = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ShardServer<RoomEntity, RoomCommand, RoomChange> shards;
    private final RoomTables tables;
    private final RoomQueries queries;
    private final UuidV7 ids = new UuidV7(
            System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
    private final Thread thread = Thread.ofVirtual().name("purge-resumption").unstarted(this::run);
    private Set<Record> seen = Set.of();

    /** @param tables the tables of the shards */
    public PurgeResumption(
            ShardServer<RoomEntity, RoomCommand, RoomChange> shards, RoomTables tables, RoomQueries queries) {
        this.shards = shards;
        this.tables = tables;
        this.queries = queries;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Orders the purges that have not moved since the last look to go on. */
    public synchronized void look() {
        Set<Record> now = new HashSet<>();
        for (int shard : shards.owned()) {
            try {
                for (UnfinishedHistoryPurge purge :
                        shards.database().read(jdbc -> tables.unfinishedHistoryPurges(jdbc, shard))) {
                    now.add(purge);
                    if (seen.contains(purge)) {
                        LOG.info("The purge of the history of {} stood still and goes on", purge.room());
                        order(
                                shard,
                                new DeleteHistory(purge.room(), purge.created(), purge.number(), purge.step()));
                    }
                }
                for (UnfinishedPurge purge : shards.database().read(jdbc -> tables.unfinishedPurges(jdbc, shard))) {
                    now.add(purge);
                    if (seen.contains(purge)) {
                        resume(shard, purge);
                    }
                }
            } catch (RuntimeException notNow) { // the next look tries again
                LOG.warn("The purges of shard {} are not resumed for now", shard, notNow);
            }
        }
        seen = now;
    }

    private void resume(int shard, UnfinishedPurge purge) {
        LOG.info("The purge of {} stood still and goes on", purge.room());
        order(shard, next(purge));
    }

    private RoomCommand next(UnfinishedPurge purge) {
        RoomId room = purge.room();
        if (purge.gone()) {
            return new DeletePurgedRows(room, purge.created(), purge.step());
        }
        List<RoomAlias> aliases = queries.aliasesOf(room);
        Optional<RoomShutdown> noted = purge.noted() ? queries.shutdownOf(room) : Optional.empty();
        return noted.isEmpty()
                ? new PurgeRoom(room, true, aliases, null)
                : new ShutDownRoom(
                        room, aliases, new Shutdown(noted.get().newRoom(), noted.get().purged()), null, true);
    }

    private void order(int shard, RoomCommand next) {
        shards.service()
                .ask(shard, ids.get(), System.currentTimeMillis() + PATIENCE.toMillis(), next)
                .join();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
