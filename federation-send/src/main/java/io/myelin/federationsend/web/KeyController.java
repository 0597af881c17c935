package io.myelin.federationsend.web;

import io.myelin.federationsend.transport.keys.OwnKeys;
import io.myelin.matrix.json.JsonObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Our keys. Server-server API, "Publishing Keys". */
@RestController
public class KeyController {
    private final OwnKeys keys;

    public KeyController(OwnKeys keys) {
        this.keys = keys;
    }

    /** The second path is deprecated; its key ID is ignored. */
    @GetMapping({"/_matrix/key/v2/server", "/_matrix/key/v2/server/{keyId}"})
    JsonObject server() {
        return keys.published();
    }
}
