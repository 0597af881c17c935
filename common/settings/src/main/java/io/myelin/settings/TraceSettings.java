package io.myelin.settings;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Whether requests are followed through the log, and where to. */
public record TraceSettings(
        @Setting(
                "Where traces are sent, as OTLP over HTTP: the address of a collector, such as `http://localhost:4318`. "
                        + "The path is `/v1/traces` unless the address has another. Nothing is traced if not set.")
        @Nullable
        URI endpoint,

        @Setting(value = "The share of requests that are traced.", min = 0, max = 1, reloadable = true)
        @DefaultValue("0.01")
        double sampled,

        @Setting(
                "Whether a request that `listeners.trusted-proxies` forward belongs to the trace that its `traceparent` "
                        + "names, which decides whether it is traced. Only for proxies that set or remove that header: "
                        + "most pass on what anybody sent.")
        @DefaultValue("false")
        boolean fromProxies) {

    private static final String PATH = "/v1/traces";

    /** The address that traces are posted to; null if there are none. */
    public @Nullable URI target() {
        if (endpoint == null || endpoint.getPath().length() > 1) {
            return endpoint;
        }
        return endpoint.resolve(PATH);
    }
}
