package io.myelin.clientroomsend.send;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.command.Transactions;
import io.myelin.clientroomsend.directory.CanonicalAliases;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.membership.GuestAccess;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
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
    private final AttemptLimit limit;

    /** @param limit of events by one user */
    public Events(
            RoomCommands commands,
            CanonicalAliases canonicalAliases,
            Profiles profiles,
            GuestAccess guests,
            LocalServerCheck localServer,
            AttemptLimit limit) {
        this.commands = commands;
        this.canonicalAliases = canonicalAliases;
        this.profiles = profiles;
        this.guests = guests;
        this.localServer = localServer;
        this.limit = limit;
    }

    /** Sends a message event. A redaction can be sent this way too; its content then says which event it redacts. */
    public EventId send(Session session, RoomId room, String type, String transactionId, JsonObject content) {
        return message(session, room, "send/" + type, type, transactionId, content);
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
                content.with("redacts", event.value()));
    }

    private EventId message(
            Session session, RoomId room, String endpoint, String type, String transactionId, JsonObject content) {
        checkTransactionId(transactionId);
        EventId redacts = type.equals(EventTypes.REDACTION) ? redacts(content) : null;
        byte[] bytes = EventRules.check(type, null, redacts == null ? content : content.without("redacts"));
        limit.attempt(session.user().value());
        var requester = new Requester(session.user(), session.device(), transactionId);
        return commands.send(
                new SendEvent(room, requester, type, null, bytes, redacts, null, null),
                Transactions.key(session, room, endpoint, transactionId));
    }

    /**
     * Sets a piece of state. State requests have no transaction identifier. If the state has this content already, the
     * answer is the ID of the event that set it.
     */
    public EventId setState(Session session, RoomId room, String type, String stateKey, JsonObject content) {
        byte[] bytes = EventRules.check(type, stateKey, content);
        Profile profile = null;
        if (type.equals(EventTypes.MEMBER)) {
            UserId target = new UserId(stateKey);
            profile = checkedMember(session, room, target, content);
            if (target.equals(session.user()) && isJoin(content)) {
                bytes = EventRules.check(type, stateKey, GuestAccess.joining(session, content));
            }
        } else if (type.equals(EventTypes.CANONICAL_ALIAS) && stateKey.isEmpty()) {
            canonicalAliases.check(room, content);
        }
        limit.attempt(session.user().value());
        var requester = new Requester(session.user(), session.device(), null);
        return commands.send(new SendEvent(room, requester, type, stateKey, bytes, null, null, profile), null);
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
