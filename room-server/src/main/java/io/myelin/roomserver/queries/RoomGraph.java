package io.myelin.roomserver.queries;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.SqlFunction;
import io.myelin.roomserver.storage.RoomTables;
import io.myelin.roomserver.storage.StoredGraph;
import java.util.List;
import java.util.Optional;

/** Answers from the tables about a room's graph of events. */
public final class RoomGraph implements RoomGraphQueries {

    private final ServiceDatabase database;
    private final RoomTables tables;
    private final int shardCount;

    public RoomGraph(ServiceDatabase database, RoomTables tables, int shardCount) {
        this.database = database;
        this.tables = tables;
        this.shardCount = shardCount;
    }

    @Override
    public List<EventId> forwardExtremities(RoomId room) {
        return inRoom(room, graph -> graph.forwardExtremities(tables)).orElse(List.of());
    }

    @Override
    public Optional<StateIds> stateBefore(RoomId room, EventId event) {
        return inRoom(room, graph -> graph.stateBefore(event)).flatMap(found -> found);
    }

    private <T> Optional<T> inRoom(RoomId id, SqlFunction<StoredGraph, T> work) {
        return database.read(connection -> {
            var room = tables.rooms().find(connection, Partitions.of(id.value(), shardCount), id);
            return room.isEmpty() ? Optional.empty() : Optional.of(work.apply(new StoredGraph(connection, room.get())));
        });
    }
}
