package io.myelin.roomserver.decide;

import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.matrix.auth.ThirdPartySignatures;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.receive.FormatCheck;
import io.myelin.roomserver.receive.Work;
import io.myelin.roomserver.room.EventEntity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the PDUs of a command.
 *
 * @param event null if the PDU is not an event of the room
 * @param problem why the PDU is not an event of the room; else empty
 * @param bytes the size of the PDU as received
 */
record Arrival(@Nullable Pdu event, String problem, int bytes) {

    /** The version of a room whose create event names none. */
    private static final String VERSION_OF_OLD_ROOMS = "1";

    private static final int KILOBYTE = 1024;

    private static final int THIRD_PARTY_INVITE =
            ThirdPartySignatures.MOST_KEYS * ThirdPartySignatures.MOST_SIGNATURES * Work.VERIFICATION;

    static List<Arrival> of(ReceivePdus command, RoomVersion version) {
        return command.pdus().stream()
                .map(body -> parse(command, version, body))
                .toList();
    }

    private static Arrival parse(ReceivePdus command, RoomVersion version, byte[] body) {
        try {
            return new Arrival(FormatCheck.parse(version, command.room(), body), "", body.length);
        } catch (FormatCheck.NoEvent invalid) {
            return new Arrival(null, String.valueOf(invalid.getMessage()), body.length);
        }
    }

    int costOfReading() {
        return Work.KILOBYTE_READ * (1 + bytes / KILOBYTE);
    }

    /** The rules verify the signatures of third-party invites. */
    static int costOfRules(Pdu event) {
        boolean isThirdParty =
                event.type().equals(EventTypes.MEMBER) && event.content().has("third_party_invite");
        return isThirdParty ? THIRD_PARTY_INVITE : Work.RULES_ASKED;
    }

    /** Whether a create event names the version by which it was read. */
    static boolean isOfItsVersion(Pdu create) {
        return create.content()
                .string("room_version")
                .orElse(VERSION_OF_OLD_ROOMS)
                .equals(create.version().id());
    }

    /**
     * Whether an event that is known is to be checked again, since it may get its place now, or at least the state before
     * it.
     */
    static boolean getsItsPlace(EventEntity same, ReceivePdus command, HistoryLine history) {
        return command.placement() != Placement.OUTLIER
                && same.room().equals(command.room())
                && (same.isOutlier() || same.isUnplaced() && !history.has(same.id()));
    }

    /** The answer for an event that is known already and stays as it is. */
    static ReceivedPdu again(EventEntity event, ReceivePdus command) {
        if (!event.room().equals(command.room())) {
            return new ReceivedPdu.Rejected(null, "Another room has an event of this ID.");
        }
        return switch (event.standing()) {
            case null -> new ReceivedPdu.Accepted(event.id());
            case UNPLACED -> new ReceivedPdu.Accepted(event.id());
            case SOFT_FAILED -> new ReceivedPdu.SoftFailed(event.id(), "The event failed softly before.");
            case REJECTED, REJECTED_OUTLIER -> new ReceivedPdu.Rejected(event.id(), "The event was rejected before.");
            case OUTLIER ->
                command.placement() == Placement.OUTLIER
                        ? new ReceivedPdu.Accepted(event.id())
                        : new ReceivedPdu.Rejected(event.id(), "The event is known, but has no place in the room.");
        };
    }
}
