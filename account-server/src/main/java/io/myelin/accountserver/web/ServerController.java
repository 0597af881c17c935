package io.myelin.accountserver.web;

import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.settings.ServerSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The features of this server. Client-server API, "API Standards" and "Capabilities negotiation". */
@RestController
public class ServerController {
    private static final int NEWEST_VERSION = 19;

    private static final JsonObject VERSIONS = JsonObject.builder()
            .put(
                    "versions",
                    JsonArray.ofStrings(IntStream.rangeClosed(1, NEWEST_VERSION)
                            .mapToObj(minor -> "v1." + minor)
                            .toList()))
            .put(
                    "unstable_features",
                    JsonObject.builder()
                            .put("org.matrix.msc3391", true)
                            .put("org.matrix.msc3882", true)
                            .put("uk.tcpip.msc4133", true)
                            .put("uk.tcpip.msc4133.stable", true)
                            .put("uk.timedout.msc4323", true)
                            .put("org.matrix.msc3440.stable", true) // threads
                            .put("org.matrix.msc3715.stable", true) // relations in both directions
                            .put("org.matrix.msc3856", true) // the list of threads
                            .put("org.matrix.msc3981", true) // indirect relations
                            .put("org.matrix.msc3771", true) // receipts of threads
                            .put("org.matrix.msc2285.stable", true) // private receipts
                            .put("org.matrix.msc3030", true) // events by their time
                            .put("org.matrix.msc3266", true) // room summaries
                            .put("org.matrix.e2e_cross_signing", true)
                            .put("uk.half-shot.msc2666.query_mutual_rooms", true)
                            .put("org.matrix.msc4140", true)
                            .put("org.matrix.msc4354", true)
                            .put("org.matrix.msc4155", true)
                            .put("org.matrix.msc4380.stable", true)
                            .build())
            .build();

    private static final JsonObject ACCOUNT_MODERATION =
            JsonObject.builder().put("lock", true).put("suspend", true).build();

    private final JsonObject capabilities;
    private final JsonObject ofAdministrators;

    public ServerController(ServerSettings properties, List<String> roomVersions) {
        JsonObject ofAll = capabilities(properties, roomVersions);
        capabilities = JsonObject.of("capabilities", ofAll);
        ofAdministrators = JsonObject.of("capabilities", ofAll.with("m.account_moderation", ACCOUNT_MODERATION));
    }

    private static JsonObject capabilities(ServerSettings properties, List<String> roomVersions) {
        JsonObjectBuilder available = JsonObject.builder();
        roomVersions.forEach(version -> available.put(version, "stable"));
        JsonObject yes = enabled(true);
        return JsonObject.builder()
                .put(
                        "m.room_versions",
                        JsonObject.builder()
                                .put("default", properties.rooms().defaultVersion())
                                .put("available", available.build())
                                .build())
                .put("m.change_password", yes)
                .put("m.profile_fields", yes)
                .put("m.set_displayname", yes)
                .put("m.set_avatar_url", yes)
                .put("uk.tcpip.msc4133.profile_fields", yes)
                .put("m.3pid_changes", yes)
                .put("m.get_login_token", yes)
                .put(
                        "org.matrix.msc4140.delayed_events",
                        JsonObject.builder()
                                .put(
                                        "max_delay_ms",
                                        properties.delayedEvents().longest().toMillis())
                                .put("max_scheduled", properties.delayedEvents().most())
                                .build())
                .build();
    }

    private static JsonObject enabled(boolean enabled) {
        return JsonObject.builder().put("enabled", enabled).build();
    }

    @GetMapping("/_matrix/client/versions")
    JsonObject versions(@Nullable Session session) {
        return VERSIONS;
    }

    @GetMapping({"/_matrix/client/v3/capabilities", "/_matrix/client/r0/capabilities"})
    JsonObject capabilities(Session session) {
        return session.admin() ? ofAdministrators : capabilities;
    }
}
