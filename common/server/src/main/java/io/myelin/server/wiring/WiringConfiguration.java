package io.myelin.server.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.myelin.kafka.KafkaSettings;
import io.myelin.server.observability.Parts;
import io.myelin.server.observability.RequestTimings;
import io.myelin.server.service.Identity;
import io.myelin.settings.ServerSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The report that every process gives. Needs the beans of {@code ObservabilityConfiguration}. */
@Configuration(proxyBeanMethods = false)
public class WiringConfiguration {

    /** Created at the first request for a report, when all other beans exist. */
    @Bean
    @Lazy
    ThisProcess thisProcess(
            Identity identity,
            ServerSettings properties,
            KafkaSettings kafka,
            RequestTimings requests,
            MeterRegistry meters,
            ConfigurableListableBeanFactory beans) {
        return new ThisProcess(
                identity.instance(), properties.shards(), Parts.of(beans), kafka.figures(), requests, meters);
    }

    @Bean
    ReportController reportController(ObjectProvider<ThisProcess> process) {
        return new ReportController(process);
    }
}
