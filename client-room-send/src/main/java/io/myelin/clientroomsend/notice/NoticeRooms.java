package io.myelin.clientroomsend.notice;

import io.myelin.clientroomsend.create.FixedRooms;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import java.util.Optional;

/**
 * Finds the room in which a user gets server notices. Its ID follows from the user's, for users can give any room the tag
 * {@code m.server_notice}, also the one in which somebody else gets theirs.
 */
public final class NoticeRooms {
    /** Client-server API, "Server Notices Tag". */
    static final String TAG = "m.server_notice";

    private static final String TAGS = "m.tag";

    private final RoomStates states;
    private final AccountQueries accounts;
    private final UserId sender;

    public NoticeRooms(RoomStates states, AccountQueries accounts, UserId sender) {
        this.states = states;
        this.accounts = accounts;
        this.sender = sender;
    }

    /**
     * A user's room for notices.
     *
     * @param tagged whether the user's tags say so
     * @param membership the user's
     */
    record Known(RoomId room, boolean tagged, Membership membership) {}

    /** The user's room; empty if there is none yet. */
    Optional<Known> of(UserId user) {
        RoomId room = FixedRooms.id(sender, user);
        return state(room, user).map(state -> new Known(room, isTagged(user, room), state.membership(user)));
    }

    private boolean isTagged(UserId user, RoomId room) {
        try {
            return accounts.accountDatum(user, room, TAGS)
                    .flatMap(tags ->
                            JsonParser.parseObject(tags, JsonRules.LENIENT).object("tags"))
                    .filter(tags -> tags.has(TAG))
                    .isPresent();
        } catch (InvalidJson e) {
            return false;
        }
    }

    private Optional<RoomState> state(RoomId room, UserId user) {
        return states.current(
                        room,
                        new StateKey(EventTypes.MEMBER, sender.value()),
                        new StateKey(EventTypes.MEMBER, user.value()))
                .filter(state -> state.create().sender().equals(sender) && state.hasJoined(sender));
    }

    /**
     * Refuses to reject the invitation to a room with server notices. Who has joined may leave; the next notice invites them
     * anew.
     *
     * @throws MatrixException 403 {@code M_CANNOT_LEAVE_SERVER_NOTICE_ROOM}
     */
    public void checkLeave(UserId user, RoomId room) {
        if (state(room, user)
                .filter(state -> state.membership(user) == Membership.INVITE)
                .isPresent()) {
            throw new MatrixException(
                    403, "M_CANNOT_LEAVE_SERVER_NOTICE_ROOM", "You cannot reject this invitation: it is the server's.");
        }
    }

    /** As {@link #checkLeave(UserId, RoomId)}, for the content of a member event. */
    public void checkLeave(UserId user, RoomId room, String type, String stateKey, JsonObject content) {
        if (type.equals(EventTypes.MEMBER)
                && stateKey.equals(user.value())
                && content.string("membership").filter("leave"::equals).isPresent()) {
            checkLeave(user, room);
        }
    }
}
