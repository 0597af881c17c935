package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.SentEvent;
import io.myelin.matrix.event.ByteSlice;
import io.myelin.matrix.event.EventMembers;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * State events as a room keeps them once they are no longer among its newest: with their content alone. Clients are not
 * sent the hashes, signatures and references to other events, which are two thirds of a member event, and a large room
 * has a hundred thousand of those.
 */
public final class CompactState {
    private static final byte[] CONTENT = "{\"content\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE = ",\"type\":".getBytes(StandardCharsets.US_ASCII);

    private static final EventMembers MEMBERS = new EventMembers("content", "type", "sender");

    private CompactState() {}

    /**
     * The event with only content and type as its body. An event of which clients are shown other parts stays whole.
     */
    static StoredEvent of(StoredEvent stored) {
        RoomEvent event = stored.event();
        if (!event.isState() || event.type().equals(EventTypes.REDACTION)) {
            return stored;
        }
        @Nullable ByteSlice[] members = MEMBERS.in(event.body());
        ByteSlice content = members[0];
        ByteSlice type = members[1];
        boolean isWhole = members[2] != null;
        if (!isWhole || content == null || type == null) {
            return stored;
        }
        byte[] body = body(content, type);
        return stored.with(shared(event, body), stored.redactedBecause());
    }

    private static byte[] body(ByteSlice content, ByteSlice type) {
        byte[] body = new byte[CONTENT.length + content.length() + TYPE.length + type.length() + 1];
        int end = append(body, 0, CONTENT, 0, CONTENT.length);
        end = append(body, end, content.array(), content.offset(), content.length());
        end = append(body, end, TYPE, 0, TYPE.length);
        end = append(body, end, type.array(), type.offset(), type.length());
        body[end] = '}';
        return body;
    }

    private static int append(byte[] to, int at, byte[] from, int offset, int length) {
        System.arraycopy(from, offset, to, at, length);
        return at + length;
    }

    /** The event with another body; equal texts share one string. */
    private static RoomEvent shared(RoomEvent event, byte[] body) {
        boolean isMember = event.type().equals(EventTypes.MEMBER);
        String stateKey = event.stateKey();
        UserId sender =
                stateKey != null && stateKey.equals(event.sender().value()) ? new UserId(stateKey) : event.sender();
        String type = isMember ? EventTypes.MEMBER : event.type();
        SentEvent sent = new SentEvent(event.id(), type, stateKey, sender, event.timestamp(), body);
        return new RoomEvent(
                event.room(), event.version(), sent, event.request(), event.links(), event.redacts(), null);
    }

    /** Whether the body is the event as it was signed, or what a redaction left of that. */
    static boolean isWhole(@Nullable RoomEvent event) {
        return event != null && PduBytes.find(event.body(), "sender") != null;
    }
}
