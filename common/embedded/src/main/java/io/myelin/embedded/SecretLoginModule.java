package io.myelin.embedded;

import java.security.Security;
import org.apache.kafka.common.security.plain.PlainLoginModule;

/**
 * Provides the secret for new connections, and registers the SASL mechanism. Kafka's clients and its broker find this
 * class by its name in {@code sasl.jaas.config}.
 */
public final class SecretLoginModule extends PlainLoginModule {
    static {
        Security.addProvider(new SecretSaslProvider());
    }
}
