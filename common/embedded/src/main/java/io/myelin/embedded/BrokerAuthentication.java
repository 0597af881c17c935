package io.myelin.embedded;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Admits only clients that prove to know the embedded broker's secret, which is in {@code kafka.secret} in the data
 * directory. Other users of the machine can connect to the broker's ports too, and a user who could write to topics
 * could act as any Matrix user.
 *
 * <p>Both sides prove that they know the secret ({@link SecretExchange}), so that a process that takes the port of a
 * broker that is down learns nothing. Of Kafka's own mechanisms only SCRAM does that, and it costs 4,096 hashes per
 * connection: 3 to 20 ms, some forty times at a start. Those hashes protect passwords, which can be guessed; a secret
 * of 256 random bits needs none.
 *
 * @param secret null for a broker that is open to every user of the machine
 */
record BrokerAuthentication(@Nullable String secret) {
    /** For tests. */
    static final BrokerAuthentication NONE = new BrokerAuthentication(null);

    static final String MECHANISM = "MYELIN-HMAC-SHA256";

    static BrokerAuthentication of(DataDirectory data) {
        return new BrokerAuthentication(data.secret("kafka"));
    }

    /** The security protocol of a listener. */
    String protocol() {
        return secret == null ? "PLAINTEXT" : "SASL_PLAINTEXT";
    }

    /** The settings of every client of the broker. */
    Map<String, String> clientSettings() {
        return secret == null
                ? Map.of()
                : Map.of(
                        "security.protocol",
                        protocol(),
                        "sasl.mechanism",
                        MECHANISM,
                        "sasl.jaas.config",
                        login(secret));
    }

    /**
     * The settings of the broker, which is also a client of its own controller.
     *
     * @param listeners all listeners of the broker
     */
    Map<String, String> brokerSettings(String... listeners) {
        var settings = new HashMap<String, String>();
        if (secret != null) {
            settings.put("sasl.enabled.mechanisms", MECHANISM);
            settings.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
            settings.put("sasl.mechanism.controller.protocol", MECHANISM);
            for (var listener : listeners) {
                var prefix = ("listener.name." + listener + "." + MECHANISM + ".").toLowerCase(Locale.ROOT);
                settings.put(prefix + "sasl.jaas.config", login(secret));
                settings.put(prefix + "sasl.server.callback.handler.class", SecretCallbackHandler.class.getName());
            }
        }
        return settings;
    }

    private static String login(String secret) {
        return SecretLoginModule.class.getName() + " required username=\"myelin\" password=\"" + secret + "\";";
    }
}
