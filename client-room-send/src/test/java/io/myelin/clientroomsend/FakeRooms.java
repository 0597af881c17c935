package io.myelin.clientroomsend;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.OfEntity;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.StateLinks;
import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.state.StateKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A fake room-server: it records the commands, answers as the test prepares, and has the rooms that the test sets up. */
public final class FakeRooms extends FakeAdministration implements RoomCommands {
    public static final EventId SENT = EventId.parse("$sent");

    /** A received command. */
    public record Received(RoomCommand command, @Nullable TransactionKey transaction) {}

    private final List<Received> received = new ArrayList<>();
    private final Deque<RoomAnswer> answers = new ArrayDeque<>();
    private final Map<RoomId, Map<StateKey, List<StoredEvent>>> rooms = new TreeMap<>();
    private final Set<RoomId> published = new HashSet<>();
    private final Map<RoomId, PurgeProgress> purges = new HashMap<>();
    private final Map<RoomAlias, RoomId> aliases = new HashMap<>();
    private final Map<RoomId, String> versions = new HashMap<>();
    private final Map<EventId, StoredEvent> events = new HashMap<>();
    private @Nullable Runnable meanwhile;
    private long lastSeq;

    public void reset() {
        meanwhile = null;
        events.clear();
        lastSeq = 0;
        received.clear();
        answers.clear();
        rooms.clear();
        published.clear();
        purges.clear();
        resetAdministration();
        aliases.clear();
        versions.clear();
    }

    /** Refuses the next command that has no prepared answer yet. */
    public void refuse(int status, String errcode) {
        answers.add(new RoomAnswer.Refused(new MatrixError(status, errcode, "The room says no.")));
    }

    /** Accepts the next command that has no prepared answer yet. */
    public void accept() {
        answers.add(new RoomAnswer.EventSent(SENT, new Position(0, 1, 1)));
    }

    /** Carries out the next command that has no prepared answer yet, as of a number. */
    public void done(RoomId room, long number) {
        answers.add(new RoomAnswer.Done(room, new Position(0, 1, number)));
    }

    /** Runs the change after the writer's queries and before its next command arrives. */
    public void meanwhile(Runnable change) {
        meanwhile = change;
    }

    public FakeRooms room(RoomId room, UserId creator) {
        return room(room, creator, "12");
    }

    public FakeRooms room(RoomId room, UserId creator, String version) {
        versions.put(room, version);
        return state(
                        room,
                        creator,
                        "m.room.create",
                        "",
                        "{\"room_version\":\"" + version + "\",\"creator\":\"" + creator + "\"}")
                .state(room, creator, "m.room.member", creator.value(), "{\"membership\":\"join\"}");
    }

    public FakeRooms state(RoomId room, UserId sender, String type, String stateKey, String content) {
        RoomFact.RoomEvent event = FakeEvents.in(room, versions.getOrDefault(room, "12"))
                .by(sender)
                .id("$" + type + stateKey)
                .state(type, stateKey)
                .content(content)
                .event();
        rooms.computeIfAbsent(room, _ -> new HashMap<>())
                .computeIfAbsent(new StateKey(type, stateKey), _ -> new ArrayList<>())
                .add(new StoredEvent(++lastSeq, event, null, null));
        return this;
    }

    /** A message that is newer than all other events. */
    public FakeRooms message(RoomId room, String id, String content) {
        return keep(FakeEvents.in(room, "12").id(id).content(content), false);
    }

    /** A message of one user. */
    public FakeRooms message(RoomId room, UserId sender, String id, String content) {
        return keep(FakeEvents.in(room, "12").by(sender).id(id).content(content), false);
    }

    /** A redacted message, whose content is empty. */
    public FakeRooms redactedMessage(RoomId room, String id) {
        return keep(FakeEvents.in(room, "12").id(id), true);
    }

    /**
     * A message of another server on an older branch: the state before it is that of a position, whatever has come since.
     */
    public FakeRooms forkedMessage(RoomId room, String id, long state) {
        return keep(FakeEvents.in(room, "12").id(id).links(new StateLinks(1, 0, 0, state, false, true)), false);
    }

    /** A member event that did not become part of the room's current state. */
    public FakeRooms memberAside(RoomId room, String id, UserId user, String membership) {
        return keep(
                FakeEvents.in(room, "12")
                        .id(id)
                        .state("m.room.member", user.value())
                        .content("{\"membership\":\"" + membership + "\"}")
                        .links(new StateLinks(1, 0, 0, lastSeq, true, false)),
                false);
    }

    private FakeRooms keep(FakeEvents made, boolean redacted) {
        RoomFact.RoomEvent event = made.event();
        events.put(event.id(), new StoredEvent(++lastSeq, event, redacted ? event : null, null));
        return this;
    }

    /** The number of the newest event. */
    public long lastSeq() {
        return lastSeq;
    }

    public FakeRooms published(RoomId room) {
        published.add(room);
        return this;
    }

    /** Sets the progress of the room's purge. */
    public FakeRooms purged(RoomId room, PurgeProgress progress) {
        purges.put(room, progress);
        return this;
    }

    public FakeRooms alias(RoomAlias alias, RoomId room) {
        aliases.put(alias, room);
        return this;
    }

    public List<Received> received() {
        return received;
    }

    /** The commands of one kind that arrived, in order. */
    public <C extends RoomCommand> List<C> all(Class<C> type) {
        return received.stream()
                .map(Received::command)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** The one command that arrived. */
    public <C extends RoomCommand> C only(Class<C> type) {
        if (received.size() != 1) {
            throw new AssertionError("One command should have arrived, but these did: " + received);
        }
        return type.cast(received.getFirst().command());
    }

    @Override
    public RoomAnswer execute(OfEntity command, @Nullable TransactionKey transaction) {
        // The command as it arrives at the other end of the topic.
        RoomCommand arrived = Cbor.decode(Cbor.encode(command), RoomCommand.class);
        received.add(new Received(arrived, transaction));
        Runnable change = meanwhile;
        if (change != null) {
            meanwhile = null;
            change.run();
        }
        RoomAnswer answer = answers.poll();
        if (answer == null && arrived instanceof RoomCommand.MoveAlias move) {
            aliases.replace(move.alias(), move.from(), move.to());
        }
        return answer == null ? new RoomAnswer.EventSent(SENT, new Position(0, 1, 1)) : answer;
    }

    @Override
    public long[] stateNumbers(RoomId room, long seq, @Nullable String type) {
        return stateAt(room, seq, List.of(new Wanted(Objects.requireNonNull(type), null))).stream()
                .mapToLong(StoredEvent::number)
                .toArray();
    }

    @Override
    public NumberedEvents numbered(RoomId room, long[] numbers) {
        Map<Long, StoredEvent> found = new HashMap<>();
        rooms.getOrDefault(room, Map.of())
                .values()
                .forEach(place -> place.forEach(stored -> found.put(stored.number(), stored)));
        return new NumberedEvents(
                Arrays.stream(numbers)
                        .boxed()
                        .flatMap(number -> Stream.ofNullable(found.get(number)))
                        .toList(),
                numbers.length);
    }

    @Override
    public List<StoredEvent> stateAt(RoomId room, long seq, List<Wanted> wanted) {
        return rooms.getOrDefault(room, Map.of()).entrySet().stream()
                .filter(entry -> wanted.stream().anyMatch(one -> matches(one, entry.getKey())))
                .flatMap(entry ->
                        entry.getValue().stream()
                                .filter(event -> event.seq() <= seq)
                                .reduce((_, newer) -> newer)
                                .stream())
                .toList();
    }

    private static boolean matches(Wanted wanted, StateKey key) {
        return wanted.type().equals(key.type())
                && (wanted.stateKey() == null || wanted.stateKey().equals(key.stateKey()));
    }

    @Override
    public Optional<RoomId> roomOf(RoomAlias alias) {
        return Optional.ofNullable(aliases.get(alias));
    }

    @Override
    public List<RoomAlias> aliasesOf(RoomId room) {
        return aliases.entrySet().stream()
                .filter(entry -> entry.getValue().equals(room))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public List<RoomId> publishedRooms(@Nullable RoomId after, int limit) {
        return rooms.keySet().stream()
                .filter(published::contains)
                .filter(room -> after == null || room.compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public boolean isPublished(RoomId room) {
        return published.contains(room);
    }

    @Override
    public Optional<PurgeProgress> purgeOf(RoomId room) {
        return Optional.ofNullable(purges.get(room));
    }

    @Override
    public Committed committed(int shard) {
        return new Committed(1, 7);
    }

    /** The creator of the room is the creator of its aliases too. */
    @Override
    public Optional<UserId> creatorOf(RoomAlias alias) {
        return roomOf(alias).stream()
                .flatMap(room -> newest(room, "m.room.create", "").stream())
                .map(create -> create.event().sender())
                .findFirst();
    }

    private List<StoredEvent> newest(RoomId room, String type, String stateKey) {
        return stateAt(room, Long.MAX_VALUE, List.of(new Wanted(type, stateKey)));
    }

    @Override
    public Optional<RoomSnapshot> room(RoomId room, int timelineLimit) {
        throw new UnsupportedOperationException("The writer does not ask this.");
    }

    @Override
    public UserRooms roomsOf(UserId user) {
        List<UserRoom> own = rooms.keySet().stream()
                .flatMap(room -> newest(room, "m.room.member", user.value()).stream())
                .map(this::userRoom)
                .toList();
        return new UserRooms(new long[0], new long[0], own);
    }

    private UserRoom userRoom(StoredEvent stored) {
        RoomFact.RoomEvent member = stored.event();
        String membership = JsonParser.parseObject(member.body())
                .object("content")
                .flatMap(content -> content.string("membership"))
                .orElseThrow();
        return new UserRoom(member.room(), membership, member.sender(), member.id(), stored.seq(), false, lastSeq);
    }

    /** Always the room's newest event: the writer asks for nothing else. */
    @Override
    public EventPage events(RoomId room, RoomPlace after, RoomPlace before, boolean backward, int limit) {
        StoredEvent newest = rooms.getOrDefault(room, Map.of()).values().stream()
                .flatMap(List::stream)
                .max(Comparator.comparingLong(StoredEvent::seq))
                .orElseThrow();
        return new EventPage(lastSeq, List.of(newest), false);
    }

    @Override
    public Optional<StoredEvent> event(RoomId room, EventId event) {
        return Optional.ofNullable(events.get(event))
                .filter(stored -> stored.event().room().equals(room));
    }

    @Override
    public List<StoredEvent> edits(RoomId room, List<EventId> originals) {
        throw new UnsupportedOperationException("The writer does not ask this.");
    }

    @Override
    public List<List<StoredEvent>> inStates(RoomId room, List<Long> states, List<Wanted> wanted) {
        return states.stream().map(state -> inState(room, state, wanted)).toList();
    }

    /**
     * A state is identified by its position, or by the number of an event that did not become part of the current state.
     */
    private List<StoredEvent> inState(RoomId room, long name, List<Wanted> wanted) {
        Optional<StoredEvent> aside = events.values().stream()
                .filter(stored -> stored.seq() == name && stored.event().outsideCurrentState())
                .findFirst();
        return aside.map(stored -> Stream.concat(
                                stateAt(room, stored.event().state(), wanted).stream()
                                        .filter(other -> !other.event()
                                                .type()
                                                .equals(stored.event().type())),
                                Stream.of(stored))
                        .toList())
                .orElseGet(() -> stateAt(room, name, wanted));
    }

    @Override
    public long[] inState(RoomId room, long state) {
        throw new UnsupportedOperationException("The writer does not ask this.");
    }

    @Override
    public List<StateSince> stateHistory(RoomId room, String type, String stateKey) {
        throw new UnsupportedOperationException("The writer does not ask this.");
    }

    @Override
    public ReplayPage<RoomFact> replay(int shard, long after, int limit) {
        throw new UnsupportedOperationException("The writer does not ask this.");
    }
}
