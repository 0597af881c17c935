package io.myelin.allinone;

import io.myelin.accountserver.config.AccountServerConfiguration;
import io.myelin.clientroomsend.config.ClientRoomSendConfiguration;
import io.myelin.clientsync.config.ClientSyncConfiguration;
import io.myelin.embedded.DataDirectory;
import io.myelin.kafka.KafkaSettings;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.roomserver.config.RoomServerConfiguration;
import io.myelin.web.InternalListener;
import io.myelin.web.WebConfiguration;
import io.myelin.web.config.MyelinProperties;
import io.myelin.web.config.SigningKeyFile;
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
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;

/**
 * The components of a server, all of them, and what they have in common: how to reach the engines, the signing key, the
 * internal listener. Of Spring Boot's automatic configuration it takes the web server and nothing else.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
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
    RoomServerConfiguration.class,
    AccountServerConfiguration.class,
    ClientRoomSendConfiguration.class,
    ClientSyncConfiguration.class
})
class AllInOne {
    @Bean
    DatabaseLogin databaseLogin(Engines engines) {
        return engines.database();
    }

    @Bean
    KafkaSettings kafkaSettings(Engines engines) {
        return engines.kafka();
    }

    @Bean
    SigningKey signingKey(MyelinProperties properties) {
        return SigningKeyFile.readOrCreate(properties.signingKey());
    }

    @Bean
    InternalPort internalPort(MyelinProperties properties, DataDirectory data) {
        return InternalPort.of(properties, data);
    }

    @Bean
    InternalListener internalListener(InternalPort port) {
        return port.listener();
    }
}
