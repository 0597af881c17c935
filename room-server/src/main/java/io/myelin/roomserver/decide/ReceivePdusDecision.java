package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.receive.AuthEventsCheck;
import io.myelin.roomserver.receive.FormatCheck;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes events of other servers. Server-server API, "PDUs". */
final class ReceivePdusDecision {

    private final EventSigner signer;

    ReceivePdusDecision(EventSigner signer) {
        this.signer = signer;
    }

    List<Handler<?>> handlers() {
        return List.of(Handler.of(ReceivePdus.class, this::keys, this::decide).reading(StateToRead::ofReceive));
    }

    /**
     * The room, the events, the events that they cite, given states, and those of our users whose memberships may change.
     */
    private List<String> keys(ReceivePdus command) {
        Set<String> keys = new LinkedHashSet<>();
        keys.add(EntityKey.of(command.room()));
        EventId before = command.before();
        if (before != null) {
            keys.add(EntityKey.of(before));
        }
        Optional<RoomVersion> version = RoomVersions.find(command.version());
        for (byte[] body : command.pdus()) {
            version.flatMap(found -> FormatCheck.tryParse(found, command.room(), body))
                    .ifPresent(event -> addKeys(event, keys));
        }
        command.statesBefore().values().forEach(state -> keys.add(EntityKey.ofStage(state)));
        return List.copyOf(keys);
    }

    private void addKeys(Pdu event, Set<String> keys) {
        keys.add(EntityKey.of(event.eventId()));
        event.prevEvents().forEach(cited -> keys.add(EntityKey.of(cited)));
        AuthEventsCheck.authEvents(event).forEach(cited -> keys.add(EntityKey.of(cited)));
        EventId redacts = event.redacts();
        if (redacts != null && EventId.tryParse(redacts.value()).isPresent()) {
            keys.add(EntityKey.of(redacts));
        }
        ours(event).ifPresent(user -> keys.add(EntityKey.of(user)));
    }

    /** The user whose membership the event sets, if it is one of our users. */
    private Optional<UserId> ours(Pdu event) {
        String stateKey = event.stateKey();
        return stateKey != null && event.type().equals(EventTypes.MEMBER)
                ? UserId.tryParse(stateKey).filter(user -> user.serverName().equals(signer.server()))
                : Optional.empty();
    }

    private Decision<RoomEntity, RoomChange> decide(Known known, ReceivePdus command, Moment moment) {
        RoomVersion version = RoomVersions.find(command.version())
                .orElseThrow(() ->
                        new Refusal(400, "M_UNSUPPORTED_ROOM_VERSION", "This server does not know that room version."));
        if (RoomId.tryParse(command.room().value()).isEmpty()) {
            throw new Refusal(MatrixError.invalidParam("That is not a room ID."));
        }
        known.requireFree(command.room());
        ReceivedPdus pdus = new ReceivedPdus(known, command, version, signer, moment);
        List<ReceivedPdu> received = pdus.takeAll();
        return new Decision<>(
                pdus.changes(),
                pdus.facts(),
                Cbor.encode(new RoomAnswer.PdusReceived(received, pdus.position())),
                true,
                pdus.needsNoSettling() ? List.of() : List.of(ResolveStateDecision.order(command.room(), moment)));
    }
}
