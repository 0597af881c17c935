package io.myelin.server.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Tail;
import io.myelin.server.ShardServer;
import io.myelin.settings.ServerSettings;
import io.myelin.web.InternalListener;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Meters and {@code GET /metrics}, which every process has. Needs {@link ServerSettings}, {@link KafkaSettings} and an
 * {@link InternalListener}; measures the {@link ShardServer}s, {@link Tail}s, {@link CommandSender} and {@link
 * StoredCount}s of the process.
 */
@Configuration(proxyBeanMethods = false)
public class ObservabilityConfiguration {

    @Bean
    PrometheusMeterRegistry meterRegistry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
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
    MeterBinding meterBinding(
            MeterRegistry registry,
            ServerSettings properties,
            HttpFigures http,
            KafkaSettings kafka,
            ConfigurableListableBeanFactory beans) {
        return new MeterBinding(registry, properties.shards(), http, kafka.figures(), () -> Parts.of(beans));
    }

    @Bean
    MetricsController metricsController(PrometheusMeterRegistry registry, InternalListener internal) {
        return new MetricsController(registry, internal);
    }
}
