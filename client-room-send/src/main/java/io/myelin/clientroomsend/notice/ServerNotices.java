package io.myelin.clientroomsend.notice;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.command.Transactions;
import io.myelin.clientroomsend.create.FixedRooms;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.send.EventRules;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.settings.ServerNoticeSettings;
import io.myelin.web.MatrixException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends notices of administrators to users. Each user has one room for them, which is made with the first notice: only the
 * sender of notices can write there. A user who has left is invited anew with the next notice.
 */
public final class ServerNotices {
    private static final int MAX_TRANSACTION_ID = 255;

    private final RoomCommands commands;
    private final AccountCommands accountCommands;
    private final AccountQueries accounts;
    private final Profiles profiles;
    private final NoticeRooms rooms;
    private final FixedRooms fixedRooms;
    private final ServerNoticeSettings settings;
    private final UserId sender;
    private final Supplier<UUID> ids;

    public ServerNotices(
            RoomCommands commands,
            AccountCommands accountCommands,
            AccountQueries accounts,
            Profiles profiles,
            NoticeRooms rooms,
            FixedRooms fixedRooms,
            ServerNoticeSettings settings,
            UserId sender,
            Supplier<UUID> ids) {
        this.commands = commands;
        this.accountCommands = accountCommands;
        this.accounts = accounts;
        this.profiles = profiles;
        this.rooms = rooms;
        this.fixedRooms = fixedRooms;
        this.settings = settings;
        this.sender = sender;
        this.ids = ids;
    }

    /**
     * A notice.
     *
     * @param stateKey null for a message
     */
    public record Notice(UserId to, String type, @Nullable String stateKey, JsonObject content) {}

    /**
     * Sends a notice.
     *
     * @param transaction null for a request without one; with one, the notice is sent once
     * @throws MatrixException 404 if there is no such user
     */
    public EventId send(Session administrator, Notice notice, @Nullable String transaction) {
        if (transaction != null && (transaction.length() > MAX_TRANSACTION_ID || transaction.indexOf('\0') >= 0)) {
            throw new MatrixException(
                    400,
                    "M_INVALID_PARAM",
                    "A transaction identifier has at most " + MAX_TRANSACTION_ID + " characters, and no U+0000.");
        }
        if (notice.type().equals(EventTypes.MEMBER) || notice.type().equals(EventTypes.CREATE)) {
            throw new MatrixException(400, "M_INVALID_PARAM", "A notice is no event of type " + notice.type() + ".");
        }
        byte[] content = EventRules.check(notice.type(), notice.stateKey(), notice.content());
        if (accounts.standing(notice.to())
                .filter(standing -> !standing.deactivated())
                .isEmpty()) {
            throw new MatrixException(404, "M_NOT_FOUND", "There is no such user.");
        }
        RoomId room = room(notice.to());
        TransactionKey key =
                transaction == null ? null : Transactions.key(administrator, room, "send_server_notice", transaction);
        return commands.send(
                new SendEvent(
                        room,
                        new Requester(sender, null, null),
                        notice.type(),
                        notice.stateKey(),
                        content,
                        null,
                        null,
                        null),
                key);
    }

    /** The user's room, in which they are, or into which they are invited. */
    private RoomId room(UserId user) {
        NoticeRooms.Known known = rooms.of(user)
                .orElseGet(() -> new NoticeRooms.Known(
                        fixedRooms.create(sender, profile(), user, wanted()), false, Membership.LEAVE));
        if (!known.tagged()) {
            tag(user, known.room());
        }
        if (known.membership() != Membership.INVITE && known.membership() != Membership.JOIN) {
            invite(user, known.room());
        }
        return known.room();
    }

    private JsonObject wanted() {
        JsonObjectBuilder body = JsonObject.builder()
                .put("preset", "private_chat")
                .put("name", settings.roomName())
                .putIfPresent("topic", settings.roomTopic())
                .put(
                        "power_level_content_override",
                        JsonObject.builder().put("users_default", -10).build());
        String avatar = settings.roomAvatarUrl();
        if (avatar != null) {
            body.put(
                    "initial_state",
                    JsonArray.of(JsonObject.builder()
                            .put("type", "m.room.avatar")
                            .put("state_key", "")
                            .put("content", JsonObject.of("url", avatar))
                            .build()));
        }
        return body.build();
    }

    private Profile profile() {
        Profile known = profiles.ofRequester(sender);
        return new Profile(sender, known.at(), settings.displayName(), settings.avatarUrl(), Map.of(), false);
    }

    private void tag(UserId user, RoomId room) {
        AccountAnswer answer = accountCommands.execute(
                ids.get(), new AccountCommand.SetTag(user, room, NoticeRooms.TAG, new byte[] {'{', '}'}));
        if (answer instanceof AccountAnswer.Refused(var error) && error.status() >= RoomCommands.SERVER_ERROR) {
            throw new MatrixException(error); // A user with too many tags gets the notice all the same.
        }
    }

    private void invite(UserId user, RoomId room) {
        commands.attempt(ChangeMembership.of(
                room, new Requester(sender, null, null), MembershipAction.INVITE, user, null, profiles.of(user), null));
        if (settings.autoJoin()) {
            commands.perform(ChangeMembership.of(
                    room,
                    new Requester(user, null, null),
                    MembershipAction.JOIN,
                    user,
                    null,
                    profiles.ofRequester(user),
                    null));
        }
    }
}
