package io.myelin.allinone;

import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /_matrix/client/versions} for a server without account-server, which answers it otherwise. */
@RestController
@ConditionalOnMissingClass("io.myelin.accountserver.AccountServerApplication")
class VersionsController {
    @GetMapping("/_matrix/client/versions")
    Map<String, Object> versions() {
        return Map.of("versions", List.of("v1.11", "v1.12"), "unstable_features", Map.of());
    }
}
