package io.myelin.roomserver.room;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room: all that is needed to decide what may happen in it next. A changed copy shares its state with the original,
 * so that an event in a room of 100,000 members costs a few hundred bytes.
 *
 * @param created the number of its create event
 * @param newest its only forward extremity
 * @param newestState the number of the newest state event
 * @param published whether the room directory shows it
 */
public record Room(
        RoomId id,
        RoomVersion version,
        long created,
        StateMap<StateEvent> state,
        ForwardExtremity newest,
        long newestState,
        boolean published)
        implements RoomEntity, AuthState {

    /** A room that has nothing but its create event. */
    public static Room begin(RoomId id, long seq, Pdu create) {
        StateMap<StateEvent> state = StateMap.empty();
        return new Room(
                id,
                create.version(),
                seq,
                state.with(create.key(), new StateEvent(seq, create)),
                ForwardExtremity.of(seq, create),
                seq,
                false);
    }

    @Override
    public @Nullable Pdu get(String type, String stateKey) {
        StateEvent event = state.get(type, stateKey);
        return event == null ? null : event.pdu();
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

    /** The next event, but for its signature. */
    EventTemplate next(EventDraft draft, long now) {
        List<Pdu> authEvents = AuthEvents.of(
                AuthEvents.select(draft.type(), draft.stateKey(), draft.sender(), draft.content(), version), this);
        EventTemplate template = new EventTemplate(version, draft.sender(), draft.type(), draft.content())
                .roomId(id)
                .stateKey(draft.stateKey())
                .prevEvents(List.of(newest.id()))
                .authEvents(authEvents.stream().map(Pdu::eventId).toList())
                .referenceHashes(cited -> referenceHash(cited, authEvents))
                .depth(newest.depth() + 1)
                .originServerTs(draft.timestamp() == null ? now : draft.timestamp());
        EventId redacts = draft.redacts();
        return redacts == null ? template : template.redacts(redacts);
    }

    private byte[] referenceHash(EventId cited, List<Pdu> authEvents) {
        byte[] known = newest.referenceHash();
        return known != null && cited.equals(newest.id())
                ? known
                : authEvents.stream()
                        .filter(event -> event.eventId().equals(cited))
                        .findFirst()
                        .orElseThrow()
                        .referenceHash();
    }

    /** The room after one more event. */
    Room after(long seq, Pdu event) {
        boolean isState = event.isState();
        return new Room(
                id,
                version,
                created,
                isState ? state.with(event.key(), new StateEvent(seq, event)) : state,
                ForwardExtremity.of(seq, event),
                isState ? seq : newestState,
                published);
    }

    /** The room in which an event is pruned, if it is part of the state. */
    Room redacted(EventEntity redacted) {
        String stateKey = redacted.stateKey();
        StateEvent current = stateKey == null ? null : state.get(redacted.type(), stateKey);
        if (current == null || !current.pdu().eventId().equals(redacted.id())) {
            return this;
        }
        StateMap<StateEvent> pruned = state.with(
                current.pdu().key(), new StateEvent(current.seq(), current.pdu().redacted()));
        return new Room(id, version, created, pruned, newest, newestState, published);
    }

    public Room published(boolean value) {
        return new Room(id, version, created, state, newest, newestState, value);
    }
}
