package io.myelin.roomserver.queries;

import io.myelin.contracts.NotOffered;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.ShardQueries;
import io.myelin.contracts.room.BundleQuery;
import io.myelin.contracts.room.BundledEvents;
import io.myelin.contracts.room.ListedRoom;
import io.myelin.contracts.room.RelatedQuery;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.contracts.room.ThreadRoots;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.roomserver.room.AliasEntity;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.RoomTables;
import io.myelin.roomserver.storage.StoredBundles;
import io.myelin.roomserver.storage.StoredEvents;
import io.myelin.roomserver.storage.StoredGraph;
import io.myelin.roomserver.storage.StoredRelations;
import io.myelin.roomserver.storage.StoredRoomList;
import io.myelin.roomserver.storage.StoredSmallRooms;
import io.myelin.roomserver.storage.StoredThreads;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Answers from the tables. The committed position of a shard comes from memory if this process owns the shard. */
public final class RoomSnapshots implements RoomQueries {

    private static final long[] NONE = {};

    private final ServiceDatabase database;
    private final RoomTables tables;
    private final ShardQueries<RoomChange> shards;
    private final int shardCount;
    private final BooleanSupplier findsRelations;
    private final BooleanSupplier findsSticky;

    /**
     * @param shards what the engine knows of the shards
     * @param findsRelations whether the indexes are there that find what relates to an event
     * @param findsSticky the same for sticky events
     */
    public RoomSnapshots(
            ServiceDatabase database,
            RoomTables tables,
            ShardQueries<RoomChange> shards,
            int shardCount,
            BooleanSupplier findsRelations,
            BooleanSupplier findsSticky) {
        this.findsSticky = findsSticky;
        this.findsRelations = findsRelations;
        this.database = database;
        this.tables = tables;
        this.shards = shards;
        this.shardCount = shardCount;
    }

    @Override
    public Committed committed(int shard) {
        return shards.committed(shard);
    }

    @Override
    public List<Committed> allCommitted(int count) {
        return shards.allCommitted(count);
    }

    @Override
    public ReplayPage<RoomFact> replay(int shard, long after, int limit) {
        ReplayPage<RoomChange> page = shards.replay(shard, after, limit);
        List<Numbered<RoomFact>> facts = page.facts().stream()
                .map(change -> new Numbered<>(change.seq(), change.fact().published()))
                .toList();
        return new ReplayPage<>(page.incarnation(), facts, page.upTo(), page.committed());
    }

    /** A question about a room, answered within one snapshot. */
    @FunctionalInterface
    private interface InRoom<T> {
        T read(StoredEvents events, RoomRow room);
    }

    private <T> Optional<T> inRoom(RoomId id, InRoom<T> work) {
        return database.read(jdbc -> {
            Optional<RoomRow> room = tables.rooms().find(jdbc, shardOf(id), id);
            return room.isEmpty()
                    ? Optional.empty()
                    : Optional.of(work.read(new StoredEvents(jdbc, room.get()), room.get()));
        });
    }

    @Override
    public Optional<RoomSnapshot> room(RoomId id, int timelineLimit) {
        return inRoom(id, (events, room) -> {
            long[] timeline = events.newest(timelineLimit);
            boolean complete = timeline.length > 0 && timeline[0] == room.number();
            long[] state = events.stateNumbers(Long.MAX_VALUE, null);
            return new RoomSnapshot(
                    id,
                    room.version(),
                    room.shard(),
                    room.incarnation(),
                    room.asOf(),
                    room.published(),
                    state,
                    events.bytesOf(state),
                    timeline,
                    events.numbered(LongStream.concat(LongStream.of(timeline), LongStream.of(state))
                                    .distinct()
                                    .limit(PAGE_EVENTS)
                                    .toArray())
                            .events(),
                    complete && room.replaced() == 0,
                    events.resolved(),
                    room.replaced(),
                    events.historyAt(tables),
                    findsSticky.getAsBoolean() ? events.sticky() : NONE,
                    room.purgedAt());
        });
    }

    @Override
    public List<RoomSnapshot> smallRooms(int shard, List<RoomId> rooms, int timelineLimit) {
        return database.read(
                jdbc -> new StoredSmallRooms(jdbc, shard, findsSticky.getAsBoolean()).read(rooms, timelineLimit));
    }

    @Override
    public UserRooms roomsOf(UserId user) {
        return database.read(jdbc -> {
            Committed[] shards = tables.shards(jdbc, shardCount);
            long[] incarnations = new long[shardCount];
            long[] asOf = new long[shardCount];
            for (int shard = 0; shard < shardCount; shard++) {
                incarnations[shard] = shards[shard].incarnation();
                asOf[shard] = shards[shard].seq();
            }
            return new UserRooms(incarnations, asOf, tables.memberships().roomsOf(jdbc, shardCount, user));
        });
    }

    @Override
    public EventPage events(RoomId id, RoomPlace after, RoomPlace before, boolean backward, int limit) {
        return inRoom(id, (events, room) -> {
                    int most = Math.clamp(limit, 1, PAGE_EVENTS);
                    StoredEvents.Page page = events.between(after, before, backward, most);
                    return new EventPage(room.asOf(), page.events(), page.end());
                })
                .orElseGet(() -> new EventPage(0, List.of(), true));
    }

    @Override
    public Optional<StoredEvent> event(RoomId room, EventId event) {
        return inRoom(room, (events, row) -> events.find(event)).flatMap(found -> found);
    }

    @Override
    public Optional<RoomId> roomOfEvent(EventId event) {
        return database.read(jdbc -> StoredGraph.roomsOf(jdbc, event).stream().findFirst());
    }

    @Override
    public List<StoredEvent> edits(RoomId room, List<EventId> originals) {
        return inRoom(room, (events, row) -> events.editsOf(originals)).orElse(List.of());
    }

    @Override
    public BundledEvents bundled(RoomId id, BundleQuery query) {
        requireRelations("bundled");
        return database.read(jdbc -> tables.rooms()
                .find(jdbc, shardOf(id), id)
                .map(room -> new StoredBundles(jdbc, room).of(query))
                .orElseGet(() -> new BundledEvents(List.of(), List.of())));
    }

    @Override
    public EventPage related(RoomId id, RelatedQuery query) {
        requireRelations("related");
        return database.read(jdbc -> tables.rooms()
                .find(jdbc, shardOf(id), id)
                .map(room -> {
                    StoredEvents.Page page = new StoredRelations(jdbc, room).page(query);
                    return new EventPage(room.asOf(), page.events(), page.end());
                })
                .orElseGet(() -> new EventPage(0, List.of(), true)));
    }

    @Override
    public ThreadRoots threads(RoomId id, RoomPlace before, int limit) {
        requireRelations("threads");
        return database.read(jdbc -> tables.rooms()
                .find(jdbc, shardOf(id), id)
                .map(room -> new StoredThreads(jdbc, room).before(before, Math.clamp(limit, 1, PAGE_EVENTS)))
                .orElseGet(() -> new ThreadRoots(List.of(), before, true)));
    }

    private void requireRelations(String operation) {
        if (!findsRelations.getAsBoolean()) {
            throw new NotOffered(operation);
        }
    }

    @Override
    public NumberedEvents numbered(RoomId room, long[] numbers) {
        return inRoom(room, (events, row) -> events.numbered(numbers))
                .orElseGet(() -> new NumberedEvents(List.of(), numbers.length));
    }

    @Override
    public List<StoredEvent> stateAt(RoomId room, long seq, List<Wanted> wanted) {
        return inRoom(room, (events, row) -> events.stateAt(seq, wanted)).orElse(List.of());
    }

    @Override
    public long[] stateNumbers(RoomId room, long seq, @Nullable String type) {
        return inRoom(room, (events, row) -> events.stateNumbers(seq, type)).orElse(NONE);
    }

    @Override
    public List<List<StoredEvent>> inStates(RoomId room, List<Long> states, List<Wanted> wanted) {
        return inRoom(room, (events, row) -> events.inStates(states, wanted)).orElse(List.of());
    }

    @Override
    public long[] inState(RoomId room, long state) {
        return inRoom(room, (events, row) -> events.inState(state)).orElse(NONE);
    }

    @Override
    public List<StateSince> stateHistory(RoomId room, String type, String stateKey) {
        return inRoom(room, (events, row) -> events.history(type, stateKey)).orElse(List.of());
    }

    @Override
    public Optional<RoomId> roomOf(RoomAlias alias) {
        return confirmed(alias).map(AliasEntity::room);
    }

    @Override
    public Optional<UserId> creatorOf(RoomAlias alias) {
        return confirmed(alias).map(AliasEntity::creator);
    }

    private Optional<AliasEntity> confirmed(RoomAlias alias) {
        int shard = Partitions.of(alias.value(), shardCount);
        return database.<Optional<AliasEntity>>read(jdbc -> tables.aliases().find(jdbc, shard, alias))
                .filter(AliasEntity::confirmed);
    }

    @Override
    public List<RoomAlias> aliasesOf(RoomId room) {
        return database.read(jdbc -> tables.aliases().pointingTo(jdbc, shardCount, room));
    }

    @Override
    public List<RoomId> publishedRooms(@Nullable RoomId after, int limit) {
        return database.read(jdbc -> tables.directory().published(jdbc, after, limit));
    }

    @Override
    public boolean isPublished(RoomId id) {
        return inRoom(id, (events, room) -> room.published()).orElse(false);
    }

    @Override
    public Optional<PurgeProgress> purgeOf(RoomId id) {
        return database.read(jdbc -> tables.purgeOf(jdbc, shardOf(id), id));
    }

    @Override
    public Optional<HistoryPurge> historyPurgeOf(RoomId id) {
        return database.read(jdbc -> tables.historyPurgeOf(jdbc, shardOf(id), id));
    }

    @Override
    public Optional<UserId> blockedBy(RoomId id) {
        return database.read(jdbc -> tables.administration().blockedBy(jdbc, shardOf(id), id));
    }

    @Override
    public Optional<RoomShutdown> shutdownOf(RoomId id) {
        return database.read(jdbc -> tables.administration()
                .shutdownOf(jdbc, shardOf(id), id)
                .map(shutdown -> shutdown.emptied(tables.purgeOf(jdbc, shardOf(id), id)
                        .filter(PurgeProgress.USERS_LEAVE::equals)
                        .isEmpty())));
    }

    @Override
    public List<ListedRoom> listed(int shard, @Nullable RoomId after, ServerName ours) {
        return database.read(jdbc -> new StoredRoomList(jdbc, shard, ours).after(after == null ? "" : after.value()));
    }

    @Override
    public Optional<ListedRoom> details(RoomId room, ServerName ours) {
        return database.read(jdbc -> new StoredRoomList(jdbc, shardOf(room), ours).find(room));
    }

    @Override
    public long joinedMembers(RoomId id) {
        return database.read(joined(id)).orElseGet(() -> RoomQueries.super.joinedMembers(id));
    }

    /** Counts the joined members; empty if the room's state was replaced, since the memberships alone do not say it then. */
    private Function<JdbcClient, Optional<Long>> joined(RoomId id) {
        return jdbc -> {
            Optional<RoomRow> room = tables.rooms().find(jdbc, shardOf(id), id);
            return room.filter(found -> found.replaced() != 0).isPresent()
                    ? Optional.empty()
                    : Optional.of(room.isEmpty() ? 0L : tables.memberships().joinedMembers(jdbc, room.get()));
        };
    }

    private int shardOf(RoomId room) {
        return Partitions.of(room.value(), shardCount);
    }
}
