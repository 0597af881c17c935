package io.myelin.accountserver.web;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.json.JsonObject;
import io.myelin.settings.ServerSettings;
import io.myelin.web.MatrixException;
import java.net.URI;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells clients and servers where to reach this server. Client-server API and server-server API, "Well-known URI". */
@RestController
@RequestMapping("/.well-known/matrix")
public class WellKnownController {
    private static final int HTTPS = 443;

    private final ServerSettings properties;

    public WellKnownController(ServerSettings properties) {
        this.properties = properties;
    }

    static JsonObject clientConfiguration(ServerSettings properties) {
        return JsonObject.of("m.homeserver", JsonObject.of("base_url", properties.baseUrl()));
    }

    @GetMapping("/client")
    JsonObject client() {
        return clientConfiguration(properties);
    }

    /** The host of the public base URL if that is HTTPS: it serves federation too. Otherwise there is no delegation. */
    @GetMapping("/server")
    JsonObject server() {
        URI base = properties.publicBaseUrl();
        if (base == null || !"https".equals(base.getScheme()) || base.getHost() == null) {
            throw notConfigured();
        }
        return JsonObject.of("m.server", base.getHost() + ":" + (base.getPort() < 0 ? HTTPS : base.getPort()));
    }

    @GetMapping("/support")
    JsonObject support() {
        throw notConfigured();
    }

    private static MatrixException notConfigured() {
        return new MatrixException(MatrixError.notFound("This is not configured here."));
    }
}
