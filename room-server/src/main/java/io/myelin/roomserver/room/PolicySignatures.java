package io.myelin.roomserver.room;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.PolicyCheck;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.EventSignatures;
import io.myelin.matrix.event.EventTooLarge;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.InvalidEvent;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.PolicyServer;
import io.myelin.matrix.event.Stickiness;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.InvalidJson;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes events of our users only with the signature of the room's policy server, where it has one. Their writer has them
 * signed, between two decisions: the first drafts the event, the second takes it as it was drafted. Meanwhile the room goes on,
 * so a message may come after an event that is not the newest any more, as long as the room's state is the same; a state
 * event may not, since that would fork the state. Otherwise it is drafted anew. Server-server API, "Policy Servers".
 */
final class PolicySignatures {

    private PolicySignatures() {}

    /** The room's policy server; empty if it has none, or this server is it. */
    static Optional<PolicyServer> policyServer(Room room, ServerName ours) {
        if (room.state().get(EventTypes.POLICY, "") == null) {
            return Optional.empty();
        }
        Pdu policy = Objects.requireNonNull(room.get(EventTypes.POLICY, ""));
        return PolicyServer.of(policy.content())
                .filter(server -> !server.name().equals(ours))
                .filter(server -> room.hasMemberOf(server.name()));
    }

    /**
     * The event to take for a draft.
     *
     * @param fresh the event as it would be without a policy server; the authorisation rules permit it
     * @param prevEvents what it comes after
     * @throws PolicySignatureNeeded if it must be signed first
     */
    static Pdu signed(
            Room room,
            EventDraft draft,
            Pdu fresh,
            List<ForwardExtremity> prevEvents,
            RoomState before,
            EventSigner signer) {
        PolicyCheck check = draft.policy();
        if (check == null || !PolicyServer.isAskedAbout(draft.type(), draft.stateKey())) {
            return fresh;
        }
        PolicyServer server = policyServer(room, signer.server()).orElse(null);
        if (server == null) {
            return fresh;
        }
        VerifyKey key = server.key();
        if (key == null) {
            throw new Refusal(MatrixError.forbidden(
                    "The room's policy server has a key that is none, so nothing can be sent to the room."));
        }
        Pdu signed = parsed(fresh, check.event());
        if (signed != null
                && check.state() == before.name()
                && (!signed.isState() || cites(signed, prevEvents))
                && isOf(signed, fresh)
                && isOurs(signed, signer)
                && server.recommends(signed)) {
            return signed;
        }
        throw new PolicySignatureNeeded(new RoomAnswer.PolicySignatureNeeded(
                server.name(),
                key.toBytes(),
                fresh.version().id(),
                fresh.eventId(),
                fresh.bytes(),
                before.name()));
    }

    private static @Nullable Pdu parsed(Pdu fresh, byte @Nullable [] event) {
        try {
            return event == null ? null : Pdu.parse(fresh.version(), event);
        } catch (InvalidJson | InvalidEvent | EventTooLarge e) {
            return null;
        }
    }

    private static boolean cites(Pdu event, List<ForwardExtremity> prevEvents) {
        Set<EventId> cited = prevEvents.stream().map(ForwardExtremity::id).collect(Collectors.toSet());
        return Set.copyOf(event.prevEvents()).equals(cited);
    }

    /** Whether it says what the command wants to say. */
    private static boolean isOf(Pdu event, Pdu fresh) {
        return event.roomId().equals(fresh.roomId())
                && event.sender().equals(fresh.sender())
                && event.type().equals(fresh.type())
                && Objects.equals(event.stateKey(), fresh.stateKey())
                && Objects.equals(event.redacts(), fresh.redacts())
                && Stickiness.duration(event.json()).equals(Stickiness.duration(fresh.json()))
                && event.content().equals(fresh.content());
    }

    /** Whether this server has drafted it: nobody else has its key, and the hash covers what the signature does not. */
    private static boolean isOurs(Pdu event, EventSigner signer) {
        return EventHashes.contentHashMatches(event.json())
                && EventSignatures.verify(
                        event.version(),
                        event.json(),
                        signer.server(),
                        signer.key().keyId(),
                        signer.key().verifyKey());
    }
}
