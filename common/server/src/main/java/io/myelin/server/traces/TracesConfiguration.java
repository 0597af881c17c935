package io.myelin.server.traces;

import io.myelin.kafka.trace.Traces;
import io.myelin.server.service.Identity;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.web.InternalListener;
import io.myelin.web.address.ClientAddresses;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The traces of a process: {@link Traces#NONE} unless the settings name a collector. */
@Configuration(proxyBeanMethods = false)
public class TracesConfiguration {

    @Bean
    Traces traces(ServerSettings properties, Identity identity) {
        var target = properties.traces().target();
        return target == null ? Traces.NONE : OpenTelemetryTraces.sentTo(target, properties.serverName(), identity);
    }

    @Bean
    RequestSpans requestSpans(
            Traces traces, CurrentSettings current, ServerSettings properties, InternalListener internal) {
        return new RequestSpans(
                traces,
                internal,
                new ClientAddresses(properties.listeners().trustedProxies()),
                () -> current.server().traces());
    }
}
