package io.myelin.server.wiring;

import io.myelin.web.InternalController;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code GET /_myelin/internal/wiring}: this process's own report, for the process that serves the page. */
@InternalController
final class ReportController {

    static final String PATH = InternalController.PATHS + "wiring";

    private final ObjectProvider<ThisProcess> process;

    ReportController(ObjectProvider<ThisProcess> process) {
        this.process = process;
    }

    @GetMapping(PATH)
    ProcessReport report() {
        return process.getObject().report();
    }
}
