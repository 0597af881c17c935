package io.myelin.allinone;

import io.myelin.embedded.DatabaseLogin;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.web.config.MyelinProperties;
import io.myelin.web.config.SigningKeyFile;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;

/** The components of a server, all of them, and what they have in common. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
class AllInOne {
    /** The one database, for Spring Boot to make its pool of. */
    @Bean
    JdbcConnectionDetails jdbcConnectionDetails(Engines engines) {
        return new Database(engines.database());
    }

    /** The one broker, for Spring Boot to make producers and consumers of. */
    @Bean
    KafkaConnectionDetails kafkaConnectionDetails(Engines engines) {
        var servers = List.of(engines.bootstrapServers().split(",", -1));
        return () -> servers;
    }

    @Bean
    SigningKey signingKey(MyelinProperties properties) {
        return SigningKeyFile.readOrCreate(properties.signingKey());
    }

    private record Database(DatabaseLogin login) implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return login.url();
        }

        @Override
        public String getUsername() {
            return login.user();
        }

        @Override
        public String getPassword() {
            return login.password();
        }
    }
}
