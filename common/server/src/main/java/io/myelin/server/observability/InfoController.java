package io.myelin.server.observability;

import io.myelin.server.service.Build;
import io.myelin.server.service.Identity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /actuator/info}: which program this is, which service of it runs here, and the name of the process. */
@RestController
final class InfoController {
    private final Identity identity;

    InfoController(Identity identity) {
        this.identity = identity;
    }

    @GetMapping("/actuator/info")
    Map<String, Object> info() {
        var build = Build.ofThisProgram();
        var info = new LinkedHashMap<String, Object>();
        info.put("build", Map.of("name", "Myelin", "version", build.version()));
        info.put("git", Map.of("commit", Map.of("id", build.commit())));
        info.put("service", identity.component());
        info.put("instance", identity.instance());
        return info;
    }
}
