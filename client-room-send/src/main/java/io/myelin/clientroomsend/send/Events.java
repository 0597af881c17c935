package io.myelin.clientroomsend.send;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.command.Transactions;
import io.myelin.clientroomsend.directory.CanonicalAliases;
import io.myelin.clientroomsend.limit.MembershipLimits;
import io.myelin.clientroomsend.limit.WriteLimits;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.membership.GuestAccess;
import io.myelin.clientroomsend.membership.InvitePermissions;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.ClientRequest;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Stickiness;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import org.jspecify.annotations.Nullable;

/** Sends clients' events. Client-server API, "Sending events to a room", "Redactions". */
public final class Events {
    private static final int MAX_TRANSACTION_ID = 255;

    private final RoomCommands commands;
    private final CanonicalAliases canonicalAliases;
    private final Profiles profiles;
    private final GuestAccess guests;
    private final LocalServerCheck localServer;
    private final InvitePermissions invitePermissions;
    private final Suspension suspension;
    private final WriteLimits limits;
    private final MembershipLimits membershipLimits;

    public Events(
            RoomCommands commands,
            CanonicalAliases canonicalAliases,
            Profiles profiles,
            GuestAccess guests,
            LocalServerCheck localServer,
            InvitePermissions invitePermissions,
            Suspension suspension,
            WriteLimits limits) {
        this.commands = commands;
        this.canonicalAliases = canonicalAliases;
        this.profiles = profiles;
        this.guests = guests;
        this.localServer = localServer;
        this.invitePermissions = invitePermissions;
        this.suspension = suspension;
        this.limits = limits;
        this.membershipLimits = new MembershipLimits(limits);
    }

    /**
     * Checks for how long an event is to be sticky (MSC4354).
     *
     * @throws MatrixException 400 if it is not within the limits
     */
    public static void checkSticky(@Nullable Long sticky) {
        if (sticky != null && !Stickiness.isValid(sticky)) {
            throw new MatrixException(MatrixError.invalidParam(
                    "An event is sticky for at least 0 and at most " + Stickiness.MOST + " milliseconds."));
        }
    }

    /** Sends a message event. A redaction can be sent this way too; its content then says which event it redacts. */
    public EventId send(
            Session session,
            RoomId room,
            String type,
            String transactionId,
            JsonObject content,
            @Nullable Long sticky) {
        return message(session, room, "send/" + type, type, transactionId, content, sticky);
    }

    /** Sends a message event without a transaction: repeated, it is another event. */
    public EventId send(Session session, RoomId room, String type, JsonObject content, @Nullable Long sticky) {
        return message(new Requester(session.user(), session.device(), null), room, type, content, sticky, null);
    }

    /**
     * Redacts an event.
     *
     * @param content may have a {@code reason}
     */
    public EventId redact(Session session, RoomId room, EventId event, String transactionId, JsonObject content) {
        RequestFields.of(content).string("reason");
        return message(
                session,
                room,
                "redact/" + event,
                EventTypes.REDACTION,
                transactionId,
                content.with("redacts", event.value()),
                null);
    }

    private EventId message(
            Session session,
            RoomId room,
            String endpoint,
            String type,
            String transactionId,
            JsonObject content,
            @Nullable Long sticky) {
        checkTransactionId(transactionId);
        var requester = new Requester(session.user(), session.device(), transactionId);
        return message(
                requester, room, type, content, sticky, Transactions.key(session, room, endpoint, transactionId));
    }

    private EventId message(
            Requester requester,
            RoomId room,
            String type,
            JsonObject content,
            @Nullable Long sticky,
            @Nullable TransactionKey key) {
        checkSticky(sticky);
        byte[] bytes = checkedMessage(type, content);
        EventId redacts = type.equals(EventTypes.REDACTION) ? redacts(content) : null;
        limits.messages().attempt(requester.user());
        return commands.send(new SendEvent(room, requester, type, null, bytes, redacts, null, null, sticky, null), key);
    }

    private static byte[] checkedMessage(String type, JsonObject content) {
        if (type.equals(EventTypes.REDACTION)) {
            redacts(content);
            return EventRules.check(type, null, content.without("redacts"));
        }
        return EventRules.check(type, null, content);
    }

    /**
     * Sets a piece of state. State requests have no transaction identifier. If the state has this content already, the
     * answer is the ID of the event that set it.
     */
    public EventId setState(Session session, RoomId room, String type, String stateKey, JsonObject content) {
        return setState(session, room, type, stateKey, content, null);
    }

    /** As above, for an event that may be sticky. */
    public EventId setState(
            Session session,
            RoomId room,
            String type,
            String stateKey,
            JsonObject content,
            @Nullable Long sticky) {
        var requester = new Requester(session.user(), session.device(), null);
        return setState(requester, session, room, type, stateKey, content, sticky, null);
    }

    private EventId setState(
            Requester requester,
            Session session,
            RoomId room,
            String type,
            String stateKey,
            JsonObject content,
            @Nullable Long sticky,
            @Nullable TransactionKey key) {
        checkSticky(sticky);
        byte[] bytes = EventRules.check(type, stateKey, content);
        if (!type.equals(EventTypes.MEMBER)) {
            if (type.equals(EventTypes.CANONICAL_ALIAS) && stateKey.isEmpty()) {
                canonicalAliases.check(room, content);
            }
            limits.messages().attempt(session.user());
            return commands.send(
                    new SendEvent(room, requester, type, stateKey, bytes, null, null, null, sticky, null), key);
        }
        UserId target = new UserId(stateKey);
        Profile profile = checkedMember(session, room, target, content);
        if (target.equals(session.user()) && isJoin(content)) {
            bytes = EventRules.check(type, stateKey, GuestAccess.joining(session, content));
        }
        MembershipAction action = action(session.user(), target, content);
        membershipLimits.before(session.user(), room, action, target);
        if (action == MembershipAction.INVITE) {
            invitePermissions.check(session.user(), target);
        }
        EventId sent = sendMember(
                new SendEvent(room, requester, type, stateKey, bytes, null, null, profile, sticky, null), key, action);
        membershipLimits.after(session.user(), room, action, target);
        return sent;
    }

    private EventId sendMember(SendEvent event, @Nullable TransactionKey key, MembershipAction action) {
        try {
            return commands.send(event, key);
        } catch (MatrixException e) {
            membershipLimits.refused(event.requester().user(), action);
            throw e;
        }
    }

    /** What a membership that is set as state amounts to. */
    private static MembershipAction action(UserId requester, UserId target, JsonObject content) {
        return switch (content.string("membership").orElseThrow()) {
            case "join" -> MembershipAction.JOIN;
            case "invite" -> MembershipAction.INVITE;
            case "knock" -> MembershipAction.KNOCK;
            case "ban" -> MembershipAction.BAN;
            default -> target.equals(requester) ? MembershipAction.LEAVE : MembershipAction.KICK;
        };
    }

    /**
     * Checks an event that is to be sent later, as far as its room's state does not matter.
     *
     * @param stateKey null for a message
     * @return its content, encoded
     */
    public static byte[] checkLater(String type, @Nullable String stateKey, JsonObject content) {
        if (stateKey == null) {
            checkedMessage(type, content);
        } else {
            EventRules.check(type, stateKey, content);
        }
        return CanonicalJson.encode(content);
    }

    /**
     * Sends an event that was to be sent later, by the rules of any other event; once for each key.
     *
     * @param stateKey null for a message
     * @param sticky for how many milliseconds it is sticky; null if it is not
     * @param delayId by which its sender knows it
     */
    public EventId sendLater(
            Session session,
            RoomId room,
            String type,
            @Nullable String stateKey,
            JsonObject content,
            @Nullable Long sticky,
            String delayId,
            TransactionKey key) {
        suspension.check(session, room, type, stateKey, content);
        var requester = new Requester(session.user(), session.device(), ClientRequest.delayedTransaction(delayId));
        return stateKey == null
                ? message(requester, room, type, content, sticky, key)
                : setState(requester, session, room, type, stateKey, content, sticky, key);
    }

    /**
     * Takes an alias that is gone out of the room's {@code m.room.canonical_alias}, where the user may do that. As Synapse
     * does, it stays there where they may not.
     */
    public void forgetAlias(Session session, RoomId room, RoomAlias alias) {
        canonicalAliases.without(room, alias).ifPresent(content -> {
            try {
                setState(session, room, EventTypes.CANONICAL_ALIAS, "", content);
            } catch (MatrixException refused) {
                // The alias is deleted all the same.
            }
        });
    }

    private @Nullable Profile checkedMember(Session session, RoomId room, UserId target, JsonObject content) {
        String membership = content.string("membership").orElseThrow();
        if (membership.equals("invite")) {
            localServer.requireInvitable(target);
        } else if (isJoin(content)) {
            guests.check(session, room);
        }
        return profiles.of(target);
    }

    private static boolean isJoin(JsonObject content) {
        return content.string("membership").filter("join"::equals).isPresent();
    }

    private static EventId redacts(JsonObject content) {
        return EventId.parse(RequestFields.of(content).requiredString("redacts"));
    }

    private static void checkTransactionId(String transactionId) {
        if (transactionId.length() > MAX_TRANSACTION_ID || transactionId.indexOf('\0') >= 0) {
            throw new MatrixException(MatrixError.invalidParam(
                    "A transaction identifier has at most " + MAX_TRANSACTION_ID + " characters, and no U+0000."));
        }
    }
}
