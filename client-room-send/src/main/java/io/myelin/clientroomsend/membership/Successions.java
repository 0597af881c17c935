package io.myelin.clientroomsend.membership;

import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.NotOffered;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.RoomSuccession;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateKey;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What users have set for a room follows them into the room that replaces it, as with Synapse. */
public final class Successions {
    private static final Logger LOG = LoggerFactory.getLogger(Successions.class);
    private static final StateKey TOMBSTONE = new StateKey(EventTypes.TOMBSTONE, "");

    private final RoomStates rooms;
    private final RoomSuccession settings;

    public Successions(RoomStates rooms, RoomSuccession settings) {
        this.rooms = rooms;
        this.settings = settings;
    }

    /** The user has entered a room. It is believed to replace another one only if that one says so, too. */
    public void entered(UserId user, RoomId room) {
        rooms.current(room)
                .flatMap(state -> state.create().content().object("predecessor"))
                .flatMap(predecessor -> predecessor.string("room_id"))
                .map(RoomId::new)
                .filter(from -> isReplaced(from, room))
                .ifPresent(from -> follow(user, from, room));
    }

    private boolean isReplaced(RoomId from, RoomId by) {
        return from.value().indexOf('\0') < 0
                && rooms.current(from, TOMBSTONE)
                        .flatMap(state -> state.text(EventTypes.TOMBSTONE, "replacement_room"))
                        .equals(Optional.of(by.value()));
    }

    /** The user has replaced a room. */
    public void follow(UserId user, RoomId from, RoomId to) {
        try {
            settings.inherit(user, from, to);
        } catch (Unavailable | NotOffered e) {
            LOG.info("What {} had set for {} is not copied to {}: {}", user, from, to, e.getMessage());
        }
    }
}
