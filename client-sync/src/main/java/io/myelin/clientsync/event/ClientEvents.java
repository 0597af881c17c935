package io.myelin.clientsync.event;

import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.ByteSlice;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.event.Stickiness;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes events for one viewer at one moment: the envelope from the record's fields, {@code content} as the bytes it
 * was stored as, {@code unsigned} for this viewer. Client-server API, "Room event format".
 *
 * @param now milliseconds since the epoch
 * @param fields the fields wanted of each event; null for all
 * @param federated whether events are written whole, in the form in which servers exchange them
 */
public record ClientEvents(
        Session viewer, long now, @Nullable EventFields fields, boolean federated) {

    private static final String STICKY_LEFT = "msc4354_sticky_duration_ttl_ms";

    /** The rules for an event with other events in its {@code unsigned}. */
    private static final JsonRules WITH_UNSIGNED = JsonRules.LENIENT.withMaxDepth(JsonRules.MAX_DEPTH_OF_EVENTS + 20);

    /** MSC4140; for the sender alone. */
    private static final String DELAY_ID = "org.matrix.msc4140.delay_id";

    public ClientEvents(Session viewer, long now) {
        this(viewer, now, null, false);
    }

    /** Whether an event has its {@code room_id}: it does not at endpoints whose response names the room elsewhere. */
    public enum Form {
        WITH_ROOM,
        WITHOUT_ROOM
    }

    /**
     * @param membership the viewer's at the event; null to leave it out
     * @param replaced the state event that this one replaced, where it is known
     * @param bundles what relates to the events that are written
     */
    public void write(
            JsonWriter out,
            StoredEvent stored,
            Form form,
            @Nullable String membership,
            @Nullable EventId replaced,
            Bundles bundles) {
        if (fields == null) {
            writeWhole(out, stored, form, membership, replaced, bundles);
        } else {
            JsonWriter whole = new JsonWriter();
            writeWhole(whole, stored, form, membership, replaced, bundles);
            out.value(fields.select(JsonParser.parseObject(whole.toBytes(), WITH_UNSIGNED)));
        }
    }

    public void write(JsonWriter out, StoredEvent stored, Form form, @Nullable String membership, Bundles bundles) {
        write(out, stored, form, membership, null, bundles);
    }

    /** Writes a state event, which cannot be edited. */
    public void writeState(JsonWriter out, StoredEvent stored, Form form) {
        write(out, stored, form, null, null, Bundles.NONE);
    }

    /** Writes an event as the endpoints from before {@code /sync} have it: some fields stand at its top level, too. */
    public void writeOld(JsonWriter out, StoredEvent stored) {
        out.beginObject();
        envelope(out, stored.event(), Form.WITH_ROOM);
        out.field("user_id", stored.event().sender().value());
        out.field("age", now - stored.event().timestamp());
        byte[] before = stored.prevContent();
        if (before != null) {
            out.field("prev_content", before);
        }
        out.name("unsigned").beginObject();
        unsigned(out, stored, null, null);
        out.endObject().endObject();
    }

    private void writeWhole(
            JsonWriter out,
            StoredEvent stored,
            Form form,
            @Nullable String membership,
            @Nullable EventId replaced,
            Bundles bundles) {
        out.beginObject();
        if (federated) {
            federated(out, stored.event());
        } else {
            envelope(out, stored.event(), form);
        }
        out.name("unsigned").beginObject();
        unsigned(out, stored, membership, replaced);
        relations(out, stored.event().id(), bundles);
        out.endObject();
        out.endObject();
    }

    /** Writes what relates to an event. The newest event of a thread is written with its own edit and references. */
    private void relations(JsonWriter out, EventId id, Bundles bundles) {
        if (!bundles.hasAny(id)) {
            return;
        }
        out.name("m.relations").beginObject();
        StoredEvent edit = bundles.edits().of(id);
        if (edit != null) {
            out.name("m.replace");
            writeWhole(out, edit, Form.WITH_ROOM, null, null, Bundles.NONE);
        }
        List<EventId> references = bundles.references().get(id);
        if (references != null) {
            out.name("m.reference").beginObject().name("chunk").beginArray();
            references.forEach(reference ->
                    out.beginObject().field("event_id", reference.value()).endObject());
            out.endArray().endObject();
        }
        Bundles.Thread thread = bundles.threads().get(id);
        if (thread != null) {
            out.name("m.thread").beginObject().name("latest_event");
            writeWhole(out, thread.newest(), Form.WITH_ROOM, null, null, bundles.withoutThreads());
            out.field("count", thread.count());
            out.field("current_user_participated", thread.participated());
            out.endObject();
        }
        out.endObject();
    }

    /** Writes an event as it is signed, with the ID by which clients know it. */
    private static void federated(JsonWriter out, RoomEvent event) {
        out.field("event_id", event.id().value());
        JsonParser.parseObject(event.body(), JsonRules.LENIENT_EVENTS).forEach((name, value) -> {
            if (!name.equals("unsigned") && !name.equals("event_id")) {
                out.name(name).value(value);
            }
        });
    }

    private static void envelope(JsonWriter out, RoomEvent event, Form form) {
        out.field("type", event.type());
        if (form == Form.WITH_ROOM) {
            out.field("room_id", event.room().value());
        }
        out.field("event_id", event.id().value());
        out.field("sender", event.sender().value());
        out.field("origin_server_ts", event.timestamp());
        out.fieldIfPresent("state_key", event.stateKey());
        ByteSlice sticky = Stickiness.field(event.body());
        if (sticky != null) {
            out.name(Stickiness.FIELD).raw(sticky.array(), sticky.offset(), sticky.length());
        }
        if (event.type().equals(EventTypes.REDACTION)) {
            redaction(out, event);
        } else {
            ByteSlice content = PduBytes.contentSlice(event.body());
            out.name("content").raw(content.array(), content.offset(), content.length());
        }
    }

    /** A redaction names what it redacts both inside and outside of its content, whatever its room version. */
    private static void redaction(JsonWriter out, RoomEvent event) {
        byte[] content = PduBytes.content(event.body());
        ByteSlice inside = PduBytes.find(content, "redacts");
        ByteSlice outside = PduBytes.find(event.body(), "redacts");
        ByteSlice redacts = inside == null ? outside : inside;
        if (redacts != null) {
            out.name("redacts").raw(redacts.array(), redacts.offset(), redacts.length());
        }
        if (inside == null && outside != null) {
            Json target = JsonParser.parse(outside.toByteArray(), JsonRules.LENIENT_EVENTS);
            out.name("content")
                    .value(JsonParser.parseObject(content, JsonRules.LENIENT_EVENTS)
                            .with("redacts", target));
        } else {
            out.field("content", content);
        }
    }

    private void unsigned(JsonWriter out, StoredEvent stored, @Nullable String membership, @Nullable EventId replaced) {
        RoomEvent event = stored.event();
        out.field("age", now - event.timestamp());
        long sticky = Stickiness.left(event.body(), event.timestamp(), now);
        if (sticky > 0) {
            out.field(STICKY_LEFT, sticky);
        }
        out.fieldIfPresent("membership", membership);
        String delayId = event.request().delayId();
        if (delayId != null) {
            out.fieldIfPresent(DELAY_ID, event.sender().equals(viewer.user()) ? delayId : null);
        } else if (event.transactionId() != null
                && event.sender().equals(viewer.user())
                && event.device() != null
                && event.device().equals(viewer.device())) {
            out.field("transaction_id", event.transactionId());
        }
        byte[] before = stored.prevContent();
        if (before != null) {
            out.field("prev_content", before);
        }
        if (replaced != null) {
            out.field("replaces_state", replaced.value());
        }
        RoomEvent because = stored.redactedBecause();
        if (because != null) {
            out.name("redacted_because").beginObject();
            envelope(out, because, Form.WITH_ROOM);
            out.name("unsigned")
                    .beginObject()
                    .field("age", now - because.timestamp())
                    .endObject();
            out.endObject();
        }
    }

    /** Writes a state event for a user who is not in the room. Client-server API, "Stripped state". */
    public static void writeStripped(JsonWriter out, StoredEvent stored) {
        out.beginObject();
        stripped(out, stored);
        out.endObject();
    }

    /** The same with its {@code origin_server_ts}, in milliseconds since the epoch. */
    public static void writeStripped(JsonWriter out, StoredEvent stored, long timestamp) {
        out.beginObject();
        stripped(out, stored);
        out.field("origin_server_ts", timestamp);
        out.endObject();
    }

    private static void stripped(JsonWriter out, StoredEvent stored) {
        RoomEvent event = stored.event();
        ByteSlice content = PduBytes.contentSlice(event.body());
        out.field("type", event.type());
        out.fieldIfPresent("state_key", event.stateKey());
        out.field("sender", event.sender().value());
        out.name("content").raw(content.array(), content.offset(), content.length());
    }
}
