package io.myelin.roomserver.room;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventLimits;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A room: all that is needed to decide what may happen in it next. Its state is numbers of events, some 150 bytes for each;
 * the events that a decision needs are entities of their own ({@link NumberedEvent}). A changed copy shares its state with
 * the original, so that an event in a room of 100,000 members costs a few hundred bytes.
 *
 * @param created the number of its create event
 * @param current the current state
 * @param resolved names the states that the current one was resolved from; only itself if there was one
 * @param conflict how far the states differ that the current one was resolved from, see {@link Conflict}
 * @param extremities the forward extremities; none in a room of which only outliers are known
 * @param published whether the room directory shows it
 * @param closing whether it is about to be purged: our users are made to leave it, and nobody may join it
 */
public record Room(
        RoomId id,
        RoomVersion version,
        long created,
        RoomState current,
        Set<Long> resolved,
        long conflict,
        List<ForwardExtremity> extremities,
        boolean published,
        boolean closing)
        implements RoomEntity, AuthState {

    /** How many events a new one comes after at most. A room with more forward extremities has some of them merged. */
    public static final int MOST_PREV_EVENTS = 10;

    /** A room without forward extremities: its create event is about to be added, or only outliers are known. */
    public static Room unborn(RoomId id, RoomVersion version, long created) {
        return new Room(id, version, created, RoomState.EMPTY, Set.of(0L), 0, List.of(), false, false);
    }

    /** Whether nobody can be in the room yet, because only outliers are known. */
    public boolean isUnborn() {
        return extremities.isEmpty();
    }

    public StateMap<StateEvent> state() {
        return current.events();
    }

    @Override
    public @Nullable Pdu get(String type, String stateKey) {
        return current.get(type, stateKey);
    }

    @Override
    public Membership membership(UserId user) {
        return current.membership(user);
    }

    /** The same room, which reads its state events from {@code events}; null at the end of a decision. */
    public Room readBy(@Nullable StateEvents events) {
        return current.reading() == events
                ? this
                : new Room(
                        id,
                        version,
                        created,
                        current.readBy(events),
                        resolved,
                        conflict,
                        extremities,
                        published,
                        closing);
    }

    /** Whether any user of a server is in the room. If none of ours is, what is known of the room may be out of date. */
    public boolean hasMemberOf(ServerName server) {
        return state().any(EventTypes.MEMBER, (user, member) -> member.isJoined() && new UserId(user).isOn(server));
    }

    /** Whether any user of another server is in the room, as far as is known. */
    public boolean hasMemberOfOthersThan(ServerName server) {
        return state().any(EventTypes.MEMBER, (user, member) -> member.isJoined() && !new UserId(user).isOn(server));
    }

    /** The event that the room began with. */
    public Pdu create() {
        Pdu create = get(EventTypes.CREATE, "");
        if (create == null) {
            throw new IllegalStateException("The room " + id + " has no create event");
        }
        return create;
    }

    public PowerLevels powerLevels() {
        return PowerLevels.of(create(), get(EventTypes.POWER_LEVELS, ""));
    }

    /** Names the states after the forward extremities. */
    public Set<Long> statesAtExtremities() {
        return extremities.size() == 1
                ? Set.of(extremities.getFirst().stateAfter())
                : extremities.stream().map(ForwardExtremity::stateAfter).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the current state is what the states after the forward extremities resolve to. */
    public boolean isSettled() {
        return isUnborn() || statesAtExtremities().equals(resolved);
    }

    /** Whether these states are the current one alone, or those that it was resolved from. */
    public boolean isCurrent(Set<Long> states) {
        return states.equals(Set.of(current.name())) || states.equals(resolved);
    }

    /** Where the room goes on; null if it goes on from its newest event and the state after that. */
    public @Nullable RoomHead head(long newest) {
        boolean isPlain = extremities.size() == 1
                && extremities.getFirst().seq() == newest
                && extremities.getFirst().stateAfter() == current.name()
                && resolved.equals(Set.of(current.name()));
        return isPlain
                ? null
                : new RoomHead(
                        extremities.stream().map(ForwardExtremity::seq).toList(),
                        current.name(),
                        resolved.stream().sorted().toList());
    }

    /** An unsigned event after some of the forward extremities. */
    EventTemplate next(EventDraft draft, List<ForwardExtremity> prevEvents, AuthState before, long now) {
        List<Pdu> authEvents = AuthEvents.of(
                AuthEvents.select(draft.type(), draft.stateKey(), draft.sender(), draft.content(), version), before);
        EventTemplate template = new EventTemplate(version, draft.sender(), draft.type(), draft.content())
                .roomId(id)
                .stateKey(draft.stateKey())
                .prevEvents(prevEvents.stream().map(ForwardExtremity::id).toList())
                .authEvents(authEvents.stream().map(Pdu::eventId).toList())
                .referenceHashes(cited -> referenceHash(cited, authEvents))
                .depth(1 + Math.min(deepest(prevEvents), Long.MAX_VALUE - 1))
                .originServerTs(draft.timestamp() == null ? now : draft.timestamp())
                .sticky(draft.sticky());
        EventId redacts = draft.redacts();
        return redacts == null ? template : template.redacts(redacts);
    }

    private static long deepest(List<ForwardExtremity> events) {
        return events.stream().mapToLong(ForwardExtremity::depth).max().orElse(0);
    }

    /**
     * The forward extremities that the next event comes after: all, or the deepest if there are too many. More are allowed
     * if their states differ, since the state before the event is to be the current one.
     */
    List<ForwardExtremity> nextPrevEvents() {
        int most = statesAtExtremities().size() == 1 ? MOST_PREV_EVENTS : EventLimits.MAX_PREV_EVENTS;
        return extremities.size() <= most
                ? extremities
                : extremities.stream()
                        .sorted(Comparator.comparingLong(ForwardExtremity::depth)
                                .reversed())
                        .limit(most)
                        .toList();
    }

    /** Whether the room has more forward extremities than a new event comes after. */
    public boolean hasTooManyExtremities() {
        return extremities.size() > MOST_PREV_EVENTS;
    }

    private byte[] referenceHash(EventId cited, List<Pdu> authEvents) {
        for (ForwardExtremity extremity : extremities) {
            byte[] known = extremity.referenceHash();
            if (known != null && extremity.id().equals(cited)) {
                return known;
            }
        }
        return authEvents.stream()
                .filter(event -> event.eventId().equals(cited))
                .findFirst()
                .orElseThrow()
                .referenceHash();
    }

    /**
     * The room after one more event.
     *
     * @param covered events that are no longer forward extremities, if they were
     * @param before the state before it
     * @param after the state after it
     */
    Room with(ForwardExtremity event, Set<EventId> covered, RoomState before, RoomState after) {
        List<ForwardExtremity> next = new ArrayList<>(extremities.size() + 1);
        for (ForwardExtremity extremity : extremities) {
            if (!covered.contains(extremity.id())) {
                next.add(extremity);
            }
        }
        next.add(event);
        boolean goesOn = before.name() == current.name()
                && next.stream().allMatch(extremity -> extremity.stateAfter() == after.name());
        return new Room(
                id,
                version,
                created,
                goesOn ? after : current,
                goesOn ? Set.of(after.name()) : resolved,
                goesOn ? 0 : conflict,
                ForwardExtremities.pruned(next),
                published,
                closing);
    }

    /** The room with the resolved state of its forward extremities as the current one. */
    Room settled(RoomState state, long resolvedConflict) {
        return new Room(
                id, version, created, state, statesAtExtremities(), resolvedConflict, extremities, published, closing);
    }

    /** The room with a state received from another server. It has no forward extremities until the next event is added. */
    Room replaced(RoomState state) {
        return new Room(id, version, created, state, Set.of(state.name()), 0, List.of(), published, closing);
    }

    public Room published(boolean value) {
        return new Room(id, version, created, current, resolved, conflict, extremities, value, closing);
    }

    /** The same room, now about to be purged. */
    public Room closed() {
        return new Room(id, version, created, current, resolved, conflict, extremities, published, true);
    }

    /** The same room, which stays although our users were made to leave it. */
    public Room reopened() {
        return new Room(id, version, created, current, resolved, conflict, extremities, published, false);
    }
}
