package io.myelin.clientsync.sync;

import io.myelin.contracts.account.AccountQueries.KeyCounts;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an answer tells of device lists, and of the keys of its own device. Client-server API, "Extensions to /sync". */
public final class DeviceSection {
    private static final String USUAL_ALGORITHM = "signed_curve25519";

    private DeviceSection() {}

    /** @param counts null if they are not known, and for a session without a device, which has no keys to upload */
    static void write(JsonWriter out, SyncSections sections, @Nullable KeyCounts counts) {
        out.name("device_lists").beginObject();
        writeIfAny(out, "changed", sections.devicesChanged);
        writeIfAny(out, "left", sections.devicesLeft);
        out.endObject();
        if (counts == null) {
            return;
        }
        out.name("device_one_time_keys_count").beginObject();
        // Clients upload keys when they are told that there are none.
        if (!counts.oneTimeKeys().containsKey(USUAL_ALGORITHM)) {
            out.field(USUAL_ALGORITHM, 0);
        }
        counts.oneTimeKeys().forEach((algorithm, count) -> out.field(algorithm, count.longValue()));
        out.endObject();
        writeUnused(out, "device_unused_fallback_key_types", counts.unusedFallbackKeys());
        writeUnused(out, "org.matrix.msc2732.device_unused_fallback_key_types", counts.unusedFallbackKeys());
    }

    /** Writes the answer to {@code GET /keys/changes}. */
    public static byte[] changes(SyncAnswer.DeviceListNews news) {
        JsonWriter out = new JsonWriter().beginObject();
        write(out, "changed", news.changed());
        write(out, "left", news.left());
        return out.endObject().toBytes();
    }

    private static void writeIfAny(JsonWriter out, String name, List<UserId> users) {
        if (!users.isEmpty()) {
            write(out, name, users);
        }
    }

    private static void write(JsonWriter out, String name, List<UserId> users) {
        out.name(name).beginArray();
        users.forEach(user -> out.value(user.value()));
        out.endArray();
    }

    private static void writeUnused(JsonWriter out, String name, List<String> algorithms) {
        out.name(name).beginArray();
        algorithms.forEach(out::value);
        out.endArray();
    }
}
