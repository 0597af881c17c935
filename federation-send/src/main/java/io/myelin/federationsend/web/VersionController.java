package io.myelin.federationsend.web;

import io.myelin.matrix.json.JsonObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The name and version of this server. Server-server API, "Server implementation". */
@RestController
public class VersionController {
    private static final JsonObject ANSWER = JsonObject.of(
            "server", JsonObject.of("name", ProgramVersion.NAME).with("version", ProgramVersion.version()));

    @GetMapping("/_matrix/federation/v1/version")
    JsonObject version() {
        return ANSWER;
    }
}
