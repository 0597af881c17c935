package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventDraft;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.UserEntity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sends messages, state and redactions. Client-server API, "Sending events to a room" and "Redactions". */
final class SendEventDecision {

    private final EventSigner signer;

    SendEventDecision(EventSigner signer) {
        this.signer = signer;
    }

    List<Handler<?>> handlers() {
        return List.of(Handler.of(SendEvent.class, this::keys, this::decide)
                .reading(StateToRead::ofSend)
                .settlingFirst()
                .forClients());
    }

    private List<String> keys(SendEvent command) {
        String stateKey = command.stateKey();
        if (stateKey != null) {
            return command.type().equals(EventTypes.MEMBER)
                    ? Stream.concat(
                                    Handler.roomAndUser(command, new UserId(stateKey)).stream(),
                                    Stream.of(EntityKey.ofBlock(command.room())))
                            .toList()
                    : roomAndRelation(command);
        }
        if (command.type().equals(EventTypes.REDACTION)) {
            return redacts(command)
                    .map(event -> List.of(EntityKey.of(command.room()), EntityKey.of(event)))
                    .orElse(Handler.room(command));
        }
        return roomAndRelation(command);
    }

    private static List<String> roomAndRelation(SendEvent command) {
        return Stream.concat(Handler.room(command).stream(), RelationCheck.keys(command).stream())
                .toList();
    }

    private Decision<RoomEntity, RoomChange> decide(Known known, SendEvent command, Moment moment) {
        Room room = known.roomOfMember(command.room());
        JsonObject content = EventContent.parse(command.content());
        EventContent.checkNames(command.type(), command.stateKey());
        RoomEdit edit = new RoomEdit(room, signer, moment);
        String stateKey = command.stateKey();
        if (stateKey != null) {
            return command.type().equals(EventTypes.MEMBER)
                    ? setMember(known, edit, command, new UserId(stateKey), content)
                    : setState(known, edit, command, stateKey, content);
        }
        if (command.type().equals(EventTypes.REDACTION)) {
            return redact(known, edit, command, content);
        }
        if (command.type().equals(EventTypes.TOMBSTONE)) {
            EventContent.checkTombstone(room, content);
        }
        return append(known, edit, command, content);
    }

    private static Decision<RoomEntity, RoomChange> append(
            Known known, RoomEdit edit, SendEvent command, JsonObject content) {
        Map<String, RoomEntity> related = RelationCheck.check(known, edit.room(), command, content);
        return Outcome.sent(edit, edit.append(command.requester(), draft(known, edit, command, content, null)), related);
    }

    private static Decision<RoomEntity, RoomChange> setMember(
            Known known, RoomEdit edit, SendEvent command, UserId user, JsonObject content) {
        UserEntity target = known.user(user);
        switch (EventContent.membership(content)) {
            case JOIN, INVITE, KNOCK -> BlockDecisions.requireUnblocked(known, command.room());
            case LEAVE, BAN -> {
                // a blocked room may be left
            }
        }
        return MemberEvents.change(
                edit,
                command.requester(),
                target,
                content,
                target.newest(command.profile()),
                List.of(),
                new MemberEvents.Extra(
                        command.timestamp(),
                        command.sticky(),
                        PolicyChecks.of(known, edit.room(), command.policy())));
    }

    private static Decision<RoomEntity, RoomChange> setState(
            Known known, RoomEdit edit, SendEvent command, String stateKey, JsonObject content) {
        Room room = edit.room();
        UserId sender = command.requester().user();
        // The authorisation rules check this too, except for m.room.aliases up to version 5, which users outside the
        // room
        // may send.
        if (room.membership(sender) != Membership.JOIN) {
            throw new Refusal(MatrixError.forbidden("You are not in this room."));
        }
        EventContent.checkState(room, command.type(), content);
        StateEvent current = room.state().get(command.type(), stateKey);
        if (command.sticky() == null
                && current != null
                && isSame(room.current().read(current), sender, content)) {
            return Outcome.already(edit, current);
        }
        return append(known, edit, command, content);
    }

    private static boolean isSame(Pdu current, UserId sender, JsonObject content) {
        return current.sender().equals(sender) && current.content().equals(content);
    }

    private static Decision<RoomEntity, RoomChange> redact(
            Known known, RoomEdit edit, SendEvent command, JsonObject content) {
        EventId id = redacts(command)
                .orElseThrow(() -> new Refusal(MatrixError.invalidParam("'redacts' must be an event ID.")));
        Room room = edit.room();
        UserId sender = command.requester().user();
        EventEntity redacted = known.event(id)
                .filter(event -> event.isOfRoom() && event.room().equals(room.id()))
                .orElseThrow(() -> new Refusal(MatrixError.invalidParam("There is no such event in this room.")));
        if (redacted.type().equals(EventTypes.CREATE)) {
            throw new Refusal(MatrixError.forbidden("The create event of a room cannot be redacted."));
        }
        // As in the client-server API, this is stricter than the authorisation rules, which let users of a server
        // redact
        // each other's events.
        boolean isOwn = redacted.sender().equals(sender);
        if (!isOwn && room.powerLevels().user(sender) < room.powerLevels().redact()) {
            throw new Refusal(MatrixError.forbidden("You do not have the power to redact events of others."));
        }
        long number = edit.nextSeq();
        Pdu event = edit.append(command.requester(), draft(known, edit, command, content, id), redacted);
        return redacted.isAccepted()
                ? Outcome.sent(edit, event)
                : Outcome.sent(edit, event, redacted.redacted(new RedactedBy(number, event.eventId(), event.bytes())));
    }

    private static EventDraft draft(
            Known known, RoomEdit edit, SendEvent command, JsonObject content, @Nullable EventId redacts) {
        return new EventDraft(
                command.requester().user(),
                command.type(),
                command.stateKey(),
                content,
                redacts,
                command.timestamp(),
                command.sticky(),
                PolicyChecks.of(known, edit.room(), command.policy()));
    }

    /** The event to redact: named by the command, or in the content of a redaction that is sent like any other event. */
    private static Optional<EventId> redacts(SendEvent command) {
        EventId named = command.redacts();
        if (named != null) {
            return EventId.tryParse(named.value());
        }
        try {
            return JsonParser.parseObject(command.content()).string("redacts").flatMap(EventId::tryParse);
        } catch (InvalidJson refusedWhenDecided) {
            return Optional.empty();
        }
    }
}
