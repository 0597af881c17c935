package io.myelin.server.wiring;

import io.myelin.web.MatrixException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /}, the wiring page for browsers, and {@code GET /_myelin/wiring}, the data that it shows. */
@RestController
final class PageController {

    private final Page page;
    private final WiringAccess wiringAccess;
    private final ProcessReports processReports;

    PageController(Page page, WiringAccess wiringAccess, ProcessReports processReports) {
        this.page = page;
        this.wiringAccess = wiringAccess;
        this.processReports = processReports;
    }

    /** Serves the page. A client that does not accept HTML gets the 404 of an unknown endpoint. */
    @GetMapping("/")
    void page(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String accepted = request.getHeader("Accept");
        if (accepted == null || !accepted.contains("text/html")) {
            throw new MatrixException(404, "M_UNRECOGNIZED", "There is no such endpoint.");
        }
        response.setContentType("text/html;charset=utf-8");
        response.setHeader("Content-Security-Policy", page.policy());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cache-Control", "no-cache");
        response.getOutputStream().write(page.html());
    }

    @GetMapping("/_myelin/wiring")
    WiringSnapshot wiring(HttpServletRequest request, HttpServletResponse response) {
        wiringAccess.check(request);
        response.setHeader("Cache-Control", "no-store");
        return processReports.snapshot();
    }
}
