package io.myelin.server.process;

import io.myelin.engine.StoreUnavailable;
import io.myelin.kafka.KafkaSettings;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.postgres.Databases;
import io.myelin.server.Phases;
import io.myelin.server.Readiness;
import io.myelin.server.ShardOwner;
import io.myelin.server.ShardOwnership;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.listen.Listeners;
import io.myelin.server.observability.Health;
import io.myelin.server.observability.ObservabilityConfiguration;
import io.myelin.server.observability.StatusController;
import io.myelin.server.pipeline.PhaseParts;
import io.myelin.server.pipeline.Pipeline;
import io.myelin.server.service.Identity;
import io.myelin.server.service.Program;
import io.myelin.server.service.ServiceDescriptions;
import io.myelin.server.sessions.Sessions;
import io.myelin.server.traces.TracesConfiguration;
import io.myelin.server.wiring.WiringConfiguration;
import io.myelin.settings.ServerSettings;
import io.myelin.web.InternalListener;
import io.myelin.web.WebConfiguration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * What all processes have: how to reach the engines, the signing key, ports, health. Of Spring Boot's automatic
 * configuration it takes the web server and nothing else.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    PropertyPlaceholderAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JettyServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class
})
@Import({
    WebConfiguration.class,
    Pipeline.class,
    Sessions.class,
    ObservabilityConfiguration.class,
    TracesConfiguration.class,
    WiringConfiguration.class
})
class ProcessConfiguration {
    private static final long LOOK_MILLIS = 10;

    @Bean
    @Lazy
    Databases databases(ServerSettings properties, Environment environment, ProcessResources resources) {
        var urls = ServiceDatabases.urls(environment, ServiceDescriptions.withDatabase());
        return new ServiceDatabases(properties.database(), urls, resources::database);
    }

    @Bean
    KafkaSettings kafkaSettings(ProcessResources resources) {
        return resources.kafka();
    }

    /** Waits for the broker, before anything that uses it starts. */
    @Bean
    PhaseParts brokerStage(ProcessResources resources) {
        var stage = PhaseParts.inOrder(Phases.BROKER);
        stage.add("the broker", resources::awaitKafka, () -> {});
        return stage;
    }

    @Bean
    @Lazy
    SigningKey signingKey(ServerSettings properties) {
        return SigningKeyFile.read(properties.signingKey());
    }

    @Bean
    InternalPort internalPort(ProcessResources resources) {
        return resources.internalPort();
    }

    @Bean
    InternalListener internalListener(InternalPort port) {
        return port.listener();
    }

    @Bean
    static Listeners listeners(ServerSettings properties, Program program, ProcessResources resources) {
        return new Listeners(properties, program.servesClients() ? resources.internalPort() : null, resources.tls());
    }

    @Bean
    Health health(ObjectProvider<Readiness> parts) {
        return new Health(parts.stream().toList());
    }

    @Bean
    ReloadController reloadController(ConfigurationReload reload) {
        return new ReloadController(reload);
    }

    @Bean
    StatusController statusController(Identity identity, Health health, ObjectProvider<ShardOwnership> servers) {
        return new StatusController(
                identity.component(),
                identity.instance(),
                health,
                servers.stream().toList());
    }

    /**
     * Waits until the servers of this process are ready, before anything that needs them starts. Other parts may become
     * ready later: a reader catches up only after this.
     */
    @Bean
    PhaseParts ownershipStage(ObjectProvider<ShardOwner> servers) {
        var stage = PhaseParts.inOrder(Phases.RUNTIMES + 1);
        stage.add("shards to be owned", () -> servers.forEach(ProcessConfiguration::await), () -> {});
        return stage;
    }

    private static void await(Readiness part) {
        try {
            while (!isReady(part)) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static boolean isReady(Readiness part) {
        try {
            return part.trouble() == null;
        } catch (StoreUnavailable e) {
            return false;
        }
    }
}
