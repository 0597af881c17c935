package io.myelin.clientsync.sync;

import io.myelin.contracts.presence.UserPresence;
import io.myelin.web.JsonWriter;
import java.util.List;

/** Presence, as events and as the answer to a question. Client-server API, "Presence". */
public final class PresenceSection {
    static final String TYPE = "m.presence";

    private PresenceSection() {}

    static void write(JsonWriter out, List<UserPresence> users, long now) {
        out.name("presence").beginObject().name("events").beginArray();
        for (UserPresence user : users) {
            out.beginObject()
                    .field("type", TYPE)
                    .field("sender", user.user().value())
                    .name("content");
            writeContent(out, user, now);
            out.endObject();
        }
        out.endArray().endObject();
    }

    /** Writes one event as the endpoints from before {@code /sync} have it: with the user in its content, too. */
    public static void writeOld(JsonWriter out, UserPresence user, long now) {
        out.beginObject()
                .field("type", TYPE)
                .field("sender", user.user().value())
                .name("content")
                .beginObject()
                .field("user_id", user.user().value());
        writeFields(out, user, now);
        out.endObject().endObject();
    }

    /** @param now milliseconds since the epoch */
    public static void writeContent(JsonWriter out, UserPresence user, long now) {
        out.beginObject();
        writeFields(out, user, now);
        out.endObject();
    }

    private static void writeFields(JsonWriter out, UserPresence user, long now) {
        out.field("presence", user.presence().text());
        if (user.lastActive() > 0) {
            out.field("last_active_ago", Math.max(0, now - user.lastActive()));
        }
        out.field("currently_active", user.currentlyActive());
        out.fieldIfPresent("status_msg", user.statusMessage());
    }
}
