package io.myelin.matrix.event;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.EventFormat;
import java.util.List;

/** Reads an event's {@code prev_events} from its stored bytes, without parsing the rest. */
public final class PrevEvents {
    private static final String NAME = "prev_events";

    private PrevEvents() {}

    /** @param body an event of this format as canonical JSON */
    public static List<EventId> of(EventFormat format, byte[] body) {
        ByteSlice references = PduBytes.find(body, NAME);
        return references == null
                ? List.of()
                : EventReferences.read(format, JsonObject.of(NAME, JsonParser.parse(references.toByteArray())), NAME);
    }
}
