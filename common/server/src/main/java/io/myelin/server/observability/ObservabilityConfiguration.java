package io.myelin.server.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.LoopTurns;
import io.myelin.kafka.Tail;
import io.myelin.server.ShardServer;
import io.myelin.server.service.Identity;
import io.myelin.server.traces.RequestSpans;
import io.myelin.settings.ServerSettings;
import io.myelin.web.InternalListener;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Health, figures and timings, which every process has, below {@code /actuator} on the internal port. Needs {@link
 * ServerSettings}, {@link KafkaSettings}, {@link Health}, {@link RequestSpans} and an {@link InternalListener}; measures the {@link
 * ShardServer}s, {@link Tail}s, {@link CommandSender} and {@link StoredCount}s of the process.
 */
@Configuration(proxyBeanMethods = false)
public class ObservabilityConfiguration {

    @Bean
    PrometheusMeterRegistry meterRegistry() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(RequestTimings.histogram());
        return registry;
    }

    @Bean
    RequestTimings requestTimings(MeterRegistry registry, RequestSpans spans) {
        return new RequestTimings(registry, spans.areOn() ? List.of(spans) : List.of());
    }

    /** Comes after the filters of {@code WebConfiguration}, which refuse what no controller may see. */
    @Bean
    FilterRegistrationBean<ServerHttpObservationFilter> requestTimingFilter(RequestTimings timings) {
        var registration = new FilterRegistrationBean<>(timings.filter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        registration.setAsyncSupported(true);
        return registration;
    }

    @Bean
    MeterBinding meterBinding(
            MeterRegistry registry,
            ServerSettings properties,
            KafkaSettings kafka,
            ConfigurableListableBeanFactory beans) {
        var data = properties.data().toAbsolutePath();
        return new MeterBinding(registry, properties.shards(), data, kafka.figures(), () -> Parts.of(beans));
    }

    @Bean
    WebMvcConfigurer actuatorOnInternalPort(InternalListener internal) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new InternalPortOnly(internal)).addPathPatterns("/actuator/**");
            }
        };
    }

    /** Only if the log can show it. */
    @Bean
    WebMvcConfigurer requestsInTheLog(ServerSettings properties) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                if (properties.logging().isJson()) {
                    registry.addInterceptor(new RequestLogContext());
                }
            }
        };
    }

    @Bean
    HealthController healthController(Health health) {
        return new HealthController(health, new Liveness(LoopTurns.ofThisProcess()));
    }

    @Bean
    PrometheusController prometheusController(PrometheusMeterRegistry registry) {
        return new PrometheusController(registry);
    }

    @Bean
    InfoController infoController(Identity identity) {
        return new InfoController(identity);
    }
}
