package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.event.Redaction;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.room.RoomVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of an event {@code e}, its redaction {@code x} and the event {@code p} that it replaced, as the event reads
 * now.
 */
final class StoredEventRows {
    private final RoomId room;
    private final RoomVersion version;

    StoredEventRows(RoomId room, RoomVersion version) {
        this.room = room;
        this.version = version;
    }

    StoredEvent read(ResultSet row) throws SQLException {
        EventTable.Placed placed = EventTable.read(row, "e", room, version.id());
        RoomPlace place = placed.place();
        byte @Nullable [] replaced = row.getBytes("p_body");
        byte @Nullable [] prevContent = replaced == null
                ? null
                : PduBytes.content(row.getBoolean("p_is_redacted") ? pruned(replaced) : replaced);
        row.getLong("x_seq");
        return row.wasNull()
                ? new StoredEvent(place.anchor(), place.back(), placed.event(), null, prevContent, prevSender(replaced))
                : new StoredEvent(
                        place.anchor(), place.back(), placed.event().redacted(version), redaction(row), null, null);
    }

    private RoomEvent redaction(ResultSet row) throws SQLException {
        RoomEvent redaction = EventTable.read(row, "x", room, version.id()).event();
        RoomEvent now = row.getBoolean("x_is_redacted") ? redaction.redacted(version) : redaction;
        return now.withNumber(row.getLong("x_seq"));
    }

    private static @Nullable UserId prevSender(byte @Nullable [] replaced) {
        return replaced == null ? null : new UserId(EventTable.text(replaced, "sender"));
    }

    private byte[] pruned(byte[] body) {
        return CanonicalJson.encode(Redaction.redact(version, JsonParser.parseObject(body, JsonRules.LENIENT_EVENTS)));
    }
}
