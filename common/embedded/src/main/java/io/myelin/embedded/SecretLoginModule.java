package io.myelin.embedded;

import java.security.Security;
import org.apache.kafka.common.security.plain.PlainLoginModule;

/**
 * Keeps the secret for those who open connections, and makes the mechanism known. Kafka's clients and its broker find it
 * by its name in {@code sasl.jaas.config}.
 */
public final class SecretLoginModule extends PlainLoginModule {
    static {
        Security.addProvider(new SecretSaslProvider());
    }
}
