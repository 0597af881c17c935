package io.myelin.roomserver.room;

import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A state of a room: the event at each place, and how the state is stored relative to others. The events themselves are read
 * when a decision asks for them.
 *
 * @param reading what reads the events; null outside of a decision
 */
public record RoomState(
        StateMap<StateEvent> events,
        StateLayers layers,
        StateSize size,
        @Nullable StateEvents reading) implements AuthState {

    public static final RoomState EMPTY = new RoomState(StateMap.empty(), StateLayers.EMPTY, StateSize.NONE, null);

    /**
     * The state after an event.
     *
     * @param replaces the number of the event that it replaces, 0 for none
     */
    public record Next(RoomState state, long replaces, StateLayers.@Nullable Difference written) {}

    public long name() {
        return layers.state();
    }

    /** The same state, which reads its events from {@code events}; null at the end of a decision. */
    public RoomState readBy(@Nullable StateEvents events) {
        return reading == events ? this : new RoomState(this.events, layers, size, events);
    }

    @Override
    public @Nullable Pdu get(String type, String stateKey) {
        StateEvent event = events.get(type, stateKey);
        return event == null ? null : read(event);
    }

    @Override
    public Membership membership(UserId user) {
        StateEvent member = events.get(EventTypes.MEMBER, user.value());
        Membership membership = member == null ? null : member.membership();
        return membership == null ? Membership.LEAVE : membership;
    }

    /** An event of this state. */
    public Pdu read(StateEvent event) {
        if (reading == null) {
            throw new IllegalStateException("The state " + name() + " is read outside of a decision");
        }
        return reading.get(event.seq());
    }

    /** Announces which places are going to be read, so that their events are loaded in one go. */
    public void require(Collection<StateKey> places) {
        if (reading != null) {
            reading.require(places.stream()
                    .flatMap(place -> Stream.ofNullable(events.get(place)))
                    .map(StateEvent::seq)
                    .toList());
        }
    }

    /** How many events it has that are no member events. */
    public int othersThanMembers() {
        return events.size() - events.size(EventTypes.MEMBER);
    }

    /** The state after an event with this number; this state if it is no state event. */
    public Next after(long seq, Pdu event) {
        if (!event.isState()) {
            return new Next(this, 0, null);
        }
        StateKey place = event.key();
        StateEvent next = StateEvent.of(seq, event);
        StateEvent replaced = events.get(place);
        EventNumbers difference = replaced == null ? EventNumbers.of(seq) : EventNumbers.of(seq, replaced.seq());
        StateLayers.Next nextLayers = layers.after(seq, difference);
        return new Next(
                new RoomState(
                        events.with(place, next), nextLayers.layers(), size.changed(place, replaced, next), reading),
                replaced == null ? 0 : replaced.seq(),
                nextLayers.written());
    }

    /** This state with changes, stored as {@code newLayers} say. */
    RoomState with(Map<StateKey, Optional<StateEvent>> changes, StateLayers newLayers) {
        StateMap<StateEvent> changed = events;
        StateSize newSize = size;
        for (Map.Entry<StateKey, Optional<StateEvent>> change : changes.entrySet()) {
            StateKey place = change.getKey();
            StateEvent after = change.getValue().orElse(null);
            newSize = newSize.changed(place, changed.get(place), after);
            changed = after == null ? changed.without(place) : changed.with(place, after);
        }
        return new RoomState(changed, newLayers, newSize, reading);
    }

    /** A state that has been stored. */
    public static RoomState stored(StateMap<StateEvent> events, StateSize size, StateLayers layers) {
        return new RoomState(events, layers, size, null);
    }
}
