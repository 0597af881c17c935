package io.myelin.server.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaFigures;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Tail;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.ShardServer;
import io.myelin.web.InternalListener;
import io.myelin.web.config.MyelinProperties;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * What every process has: meters, {@code GET /metrics}, its report. Needs {@link MyelinProperties}, {@link
 * KafkaSettings} and an {@link InternalListener}; looks at whatever {@link ShardServer}s, {@link Tail}s, {@link
 * CommandSender} and {@link StoredCount}s there are.
 */
@Configuration(proxyBeanMethods = false)
public class WiringConfiguration {

    /** The components of this process: those of which it has a bean. */
    record Present(Set<Component> components) {}

    @Bean
    PrometheusMeterRegistry meterRegistry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Bean
    KafkaFigures kafkaFigures(KafkaSettings kafka) {
        return kafka.figures();
    }

    @Bean
    HttpFigures httpFigures() {
        return new HttpFigures();
    }

    @Bean
    WebMvcConfigurer httpCounting(HttpFigures figures) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(figures);
            }
        };
    }

    @Bean
    Present presentComponents(ListableBeanFactory beans) {
        Set<Component> components = EnumSet.noneOf(Component.class);
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(name, false);
            if (type != null) {
                Component.ownerOf(type).ifPresent(components::add);
            }
        }
        return new Present(components);
    }

    @Bean
    MeterBinding meterBinding(
            MeterRegistry registry,
            MyelinProperties properties,
            Present present,
            HttpFigures http,
            ObjectProvider<KafkaFigures> kafka,
            ObjectProvider<ShardServer<?, ?, ?>> servers,
            ObjectProvider<Tail<?>> tails,
            ObjectProvider<CommandSender> senders,
            ObjectProvider<StoredCount> counts) {
        return new MeterBinding(
                registry, properties, present.components(), http, kafka, servers, tails, senders, counts);
    }

    @Bean
    ThisProcess thisProcess(
            MyelinProperties properties,
            Present present,
            ObjectProvider<ShardServer<?, ?, ?>> servers,
            ObjectProvider<Tail<?>> tails,
            ObjectProvider<ServiceDatabase> databases,
            KafkaFigures kafka,
            HttpFigures http,
            MeterRegistry meters) {
        return new ThisProcess(
                instance(),
                properties.shards(),
                present.components(),
                servers.stream().toList(),
                tails.stream().toList(),
                databases.stream().toList(),
                kafka,
                http,
                meters);
    }

    private static String instance() {
        return "pid " + ProcessHandle.current().pid();
    }

    @Bean
    MetricsController metricsController(PrometheusMeterRegistry registry, InternalListener internal) {
        return new MetricsController(registry, internal);
    }

    @Bean
    ReportController reportController(ThisProcess process) {
        return new ReportController(process);
    }
}
