package io.myelin.roomserver.queries;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.roomserver.graph.Backfill;
import io.myelin.roomserver.graph.MissingEvents;
import io.myelin.roomserver.graph.NearestEvent;
import io.myelin.roomserver.graph.ServerView;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.storage.AuthChainCache;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.RoomTables;
import io.myelin.roomserver.storage.StoredGraph;
import io.myelin.roomserver.storage.StoredPdus;
import io.myelin.roomserver.storage.StoredPdus.StoredPdu;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Answers from the tables about a room's graph of events. */
public final class RoomGraph implements RoomGraphQueries {

    /** How many answers with a whole state or auth chain are computed at once. Each may take seconds. */
    static final int MOST_WHOLE_STATES = 2;

    private final AuthChainCache chains = new AuthChainCache();
    private final Semaphore wholeStates = new Semaphore(MOST_WHOLE_STATES, true);
    private final ServiceDatabase database;
    private final RoomTables tables;
    private final int shardCount;

    public RoomGraph(ServiceDatabase database, RoomTables tables, int shardCount) {
        this.database = database;
        this.tables = tables;
        this.shardCount = shardCount;
    }

    /** A room within one snapshot of the tables. */
    private record Snapshot(JdbcClient jdbc, RoomRow room, StoredGraph graph, StoredPdus pdus) {

        static Snapshot of(JdbcClient jdbc, RoomRow room, AuthChainCache chains) {
            return new Snapshot(jdbc, room, new StoredGraph(jdbc, room, chains), new StoredPdus(jdbc, room));
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        Optional<T> ask(Snapshot room);
    }

    @FunctionalInterface
    private interface ServerQuestion<T> {
        Optional<T> ask(Snapshot room, ServerView view);
    }

    private <T> Optional<T> inRoom(RoomId id, Question<T> question) {
        return database.read(jdbc -> inRoom(jdbc, id, question));
    }

    private <T> Optional<T> inRoom(JdbcClient jdbc, RoomId id, Question<T> question) {
        Optional<RoomRow> room = tables.rooms().find(jdbc, Partitions.of(id.value(), shardCount), id);
        return room.isEmpty() ? Optional.empty() : question.ask(Snapshot.of(jdbc, room.get(), chains));
    }

    /** As above, but only {@link #MOST_WHOLE_STATES} at a time; the others wait before they take a connection. */
    private <T> Optional<T> inTurn(RoomId id, Question<T> question) {
        wholeStates.acquireUninterruptibly();
        try {
            return inRoom(id, question);
        } finally {
            wholeStates.release();
        }
    }

    private <T> Question<T> seenBy(ServerName server, ServerQuestion<T> question) {
        return room -> {
            Optional<ServerView> view = ServerView.of(room.jdbc(), tables, room.room(), server);
            return view.isEmpty() ? Optional.empty() : question.ask(room, view.get());
        };
    }

    @Override
    public List<EventId> forwardExtremities(RoomId id) {
        return inRoom(id, room -> Optional.of(room.graph().forwardExtremities(tables)))
                .orElse(List.of());
    }

    @Override
    public Optional<StateIds> stateBefore(RoomId id, EventId event) {
        return inTurn(id, room -> {
            Optional<StoredPdu> found = room.pdus().find(event);
            return found.isEmpty()
                    ? Optional.empty()
                    : room.graph().stateBefore(found.get().event());
        });
    }

    @Override
    public boolean takesPart(RoomId id, ServerName server) {
        return inRoom(id, seenBy(server, (_, view) -> Optional.of(view.takesPart())))
                .orElse(false);
    }

    @Override
    public Optional<StateIds> stateIds(RoomId id, ServerName server, EventId event) {
        return inTurn(id, seenBy(server, (room, view) -> {
            Optional<StoredPdu> found = room.pdus().find(event);
            return found.isEmpty() || !view.maySeeState(found.get().event())
                    ? Optional.empty()
                    : room.graph().stateBefore(found.get().event());
        }));
    }

    @Override
    public Optional<List<EventId>> authChain(RoomId id, ServerName server, EventId event) {
        return inTurn(id, seenBy(server, (room, view) -> {
            Optional<StoredPdu> found = room.pdus().find(event);
            return found.isEmpty() || !view.maySeeState(found.get().event())
                    ? Optional.empty()
                    : Optional.of(room.graph().authChain(found.get().event()));
        }));
    }

    @Override
    public Optional<List<EventId>> authDifference(RoomId id, List<EventId> events) {
        return inTurn(id, room -> {
            Collection<StoredPdu> found = room.pdus().find(events).values();
            List<EventEntity> placed = found.stream()
                    .map(StoredPdu::event)
                    .filter(event -> !event.isOutlier())
                    .toList();
            return placed.size() < Set.copyOf(events).size()
                    ? Optional.empty()
                    : Optional.of(room.graph().authDifference(placed));
        });
    }

    @Override
    public List<byte[]> pdus(RoomId id, List<EventId> events) {
        List<EventId> wanted = events.stream().limit(MOST_PDUS).toList();
        return inRoom(id, room -> {
                    Map<EventId, StoredPdu> found = room.pdus().find(wanted);
                    return Optional.of(wanted.stream()
                            .flatMap(event -> Stream.ofNullable(found.get(event)))
                            .map(StoredPdu::body)
                            .toList());
                })
                .orElse(List.of());
    }

    @Override
    public Optional<byte[]> event(ServerName server, EventId event) {
        return database.read(jdbc -> {
            for (RoomId id : StoredGraph.roomsOf(jdbc, event)) {
                Optional<byte[]> body = inRoom(jdbc, id, seenBy(server, (room, view) -> {
                    Optional<StoredPdu> found = room.pdus().find(event);
                    return found.isPresent() && view.sees(found.get().event())
                            ? found.map(StoredPdu::body)
                            : Optional.empty();
                }));
                if (body.isPresent()) {
                    return body;
                }
            }
            return Optional.empty();
        });
    }

    @Override
    public List<byte[]> missingEvents(RoomId id, ServerName server, Gap gap) {
        return inRoom(
                        id,
                        seenBy(server, (room, view) -> Optional.of(view.bodiesOf(MissingEvents.of(room.pdus(), gap)))))
                .orElse(List.of());
    }

    @Override
    public List<byte[]> backfill(RoomId id, ServerName server, List<EventId> from, int limit) {
        return inRoom(
                        id,
                        seenBy(
                                server,
                                (room, view) -> Optional.of(view.bodiesOf(Backfill.of(room.pdus(), from, limit)))))
                .orElse(List.of());
    }

    @Override
    public List<EventId> backwardExtremities(RoomId id, RoomPlace from, int limit) {
        return inRoom(id, room -> Optional.of(room.graph().backwardExtremities(from, limit)))
                .orElse(List.of());
    }

    @Override
    public Optional<EventAt> nearest(RoomId id, ServerName server, long timestamp, boolean forward) {
        return inRoom(
                id,
                seenBy(
                        server,
                        (room, view) -> NearestEvent.to(timestamp, forward, room.pdus(), room.room(), view)
                                .map(event ->
                                        new EventAt(event.id(), event.pdu().originServerTs()))));
    }
}
