package io.myelin.server.process;

import io.myelin.web.InternalController;
import org.springframework.web.bind.annotation.PostMapping;

/** {@code POST /_myelin/internal/reload}: has this process read its configuration again, and tells what came of it. */
@InternalController
final class ReloadController {
    private final ConfigurationReload reload;

    ReloadController(ConfigurationReload reload) {
        this.reload = reload;
    }

    @PostMapping("/_myelin/internal/reload")
    ConfigurationReload.Outcome reload() {
        return reload.reload();
    }
}
