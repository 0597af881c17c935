package io.myelin.web.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** How clients of an existing Kafka are known to it, and it to them, by the names of Kafka's own settings. */
public final class KafkaClientSettings {
    private KafkaClientSettings() {}

    /**
     * The settings of their own come before those of the file.
     *
     * @throws ConfigurationRefused if the file cannot be read
     */
    public static Map<String, String> of(MyelinProperties.KafkaProperties kafka) {
        var settings = new HashMap<String, String>();
        if (kafka.propertiesFile() != null) {
            var file = new Properties();
            try (var reader = Files.newBufferedReader(kafka.propertiesFile(), StandardCharsets.UTF_8)) {
                file.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationRefused(List.of(
                        "kafka.properties-file: " + kafka.propertiesFile() + " cannot be read: " + e.getMessage()));
            }
            file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name)));
        }
        put(settings, "security.protocol", kafka.securityProtocol());
        put(settings, "sasl.mechanism", kafka.saslMechanism());
        put(settings, "sasl.jaas.config", kafka.saslJaasConfig());
        return settings;
    }

    private static void put(Map<String, String> settings, String name, @Nullable String value) {
        if (value != null) {
            settings.put(name, value);
        }
    }
}
