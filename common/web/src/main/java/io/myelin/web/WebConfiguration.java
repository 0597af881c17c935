package io.myelin.web;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.web.address.ClientAddresses;
import io.myelin.web.session.Authenticator;
import io.myelin.web.session.SessionObserver;
import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.accept.FixedContentNegotiationStrategy;
import org.springframework.web.filter.FormContentFilter;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Configures Spring MVC on Jetty for Matrix. Needs {@link ServerSettings}, {@link CurrentSettings}, an {@link Authenticator} if clients are
 * served, and an {@link InternalListener} if there are internal controllers.
 */
@Configuration(proxyBeanMethods = false)
@Import({ErrorResponses.class, FallbackErrorController.class})
public class WebConfiguration implements WebMvcConfigurer {
    private static final int SHARE_OF_THE_HEAP = 8;

    private final ServerSettings properties;
    private final CurrentSettings current;
    private final ObjectProvider<Authenticator> authenticator;
    private final ObjectProvider<SessionObserver> observer;

    public WebConfiguration(
            ServerSettings properties,
            CurrentSettings current,
            ObjectProvider<Authenticator> authenticator,
            ObjectProvider<SessionObserver> observer) {
        this.properties = properties;
        this.current = current;
        this.authenticator = authenticator;
        this.observer = observer;
    }

    @Bean
    static FilterRegistrationBean<MatrixFilter> matrixFilter(ServerSettings properties, CurrentSettings current) {
        var limits = properties.limits();
        var registration = new FilterRegistrationBean<>(new MatrixFilter(
                () -> current.server().limits().requestSize().toBytes(),
                new RequestMemory(memory(limits.requestMemory().toBytes())),
                new BodyPace(limits.requestPause(), limits.requestRate().toBytes()),
                new ClientAddresses(properties.listeners().trustedProxies())));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.setAsyncSupported(true);
        return registration;
    }

    /** The limits of what clients do; a process with an {@link InstanceCount} applies its part of them. */
    @Bean
    static RateLimits rateLimits(
            ServerSettings properties, CurrentSettings current, ObjectProvider<InstanceCount> instances) {
        return new RateLimits(() -> current.server().rateLimits(), properties.testMode(), () -> {
            InstanceCount count = instances.getIfAvailable();
            return count == null ? 1 : count.living();
        });
    }

    private static long memory(long configured) {
        return configured == 0 ? Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP : configured;
    }

    @Bean
    static FilterRegistrationBean<InternalFilter> internalFilter(ObjectProvider<InternalListener> listener) {
        var registration = new FilterRegistrationBean<>(new InternalFilter(listener));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        registration.setAsyncSupported(true);
        return registration;
    }

    /** No request here needs Spring MVC's own filters. */
    @Bean
    static FilterRegistrationBean<RequestContextFilter> noRequestContextFilter() {
        return disabled(new RequestContextFilter());
    }

    @Bean
    static FilterRegistrationBean<FormContentFilter> noFormContentFilter(FormContentFilter filter) {
        return disabled(filter);
    }

    private static <T extends Filter> FilterRegistrationBean<T> disabled(T filter) {
        var registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    static WebServerFactoryCustomizer<JettyServletWebServerFactory> jettyRules(ServerSettings properties) {
        return factory ->
                factory.addServerCustomizers(new JettyRules(properties.limits().requestPause()));
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        var addresses = new ClientAddresses(properties.listeners().trustedProxies());
        SessionObserver seen = observer.getIfAvailable(() -> (_, _, _) -> {});
        authenticator.ifAvailable(known -> resolvers.add(new SessionResolver(known, seen, addresses)));
        resolvers.add(new ClientAddressResolver(addresses));
        resolvers.add(new JsonObjectResolver(
                () -> Math.toIntExact(current.server().limits().requestSize().toBytes())));
    }

    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer.strategies(List.of(new FixedContentNegotiationStrategy(MediaType.APPLICATION_JSON)));
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(new JsonResponseConverter(
                () -> current.server().limits().responseRate().toBytes()));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new InternalGuard());
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, UserId.class, UserId::parse);
        registry.addConverter(String.class, RoomId.class, RoomId::parse);
        registry.addConverter(String.class, EventId.class, EventId::parse);
        registry.addConverter(String.class, RoomAlias.class, RoomAlias::parse);
        registry.addConverter(String.class, ServerName.class, ServerName::parse);
    }
}
