package io.myelin.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Kafka: the server's own broker unless another Kafka is named. */
public record BrokerSettings(
        @Setting(
                value = "An existing Kafka, version 4.0 or newer. One of the server's own if not set.",
                pattern = "[^\\s,]+:[0-9]+(,[^\\s,]+:[0-9]+)*",
                form = "`host:9092,host2:9092`")
        @Nullable
        String bootstrapServers,

        @Setting(
                value = "How an existing Kafka is spoken to. `PLAINTEXT` if not set.",
                oneOf = {"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"})
        @Nullable
        String securityProtocol,

        @Setting("The SASL mechanism with which an existing Kafka knows this server, such as `SCRAM-SHA-512`.")
        @Nullable
        String saslMechanism,

        @Setting(
                value = "Its login module with the user's name and password, as Kafka's clients write it: "
                        + "`org.apache.kafka.common.security.scram.ScramLoginModule required username=\"myelin\" "
                        + "password=\"...\";`",
                secret = true)
        @Nullable
        String saslJaasConfig,

        @Setting("A file with further settings for clients of an existing Kafka, one `name=value` a line, such as "
                + "`ssl.truststore.location` and `ssl.truststore.password`.")
        @Nullable
        Path propertiesFile,

        @Setting(
                value =
                        "How many brokers have each record of a new topic. 0 is the smaller of 3 and the number of brokers. "
                                + "Topics that exist keep what they have.",
                min = 0,
                max = 9)
        @DefaultValue("0")
        int replicationFactor,

        @Setting(
                value = "How many brokers must have a record of a new topic before it counts as written, and at most "
                        + "as many as have it at all. 0 is half of them, rounded up: 2 of 3.",
                min = 0,
                max = 9)
        @DefaultValue("0")
        int minInsyncReplicas,

        @Setting(
                value = "Over how many partitions the answers to commands are spread. A process reads one of them, "
                        + "and what others read there too.",
                min = 1,
                max = 1024)
        @DefaultValue("8")
        int replyPartitions) {
    public boolean isEmbedded() {
        return bootstrapServers == null;
    }

    /**
     * How clients and an existing Kafka authenticate to each other, by the names of Kafka's own settings. Settings of
     * this record override those of the file.
     *
     * @throws ConfigurationRefused if the file cannot be read
     */
    public Map<String, String> clientSettings() {
        var settings = new HashMap<String, String>();
        if (propertiesFile != null) {
            var file = new Properties();
            try (var reader = Files.newBufferedReader(propertiesFile, StandardCharsets.UTF_8)) {
                file.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationRefused(
                        List.of("kafka.properties-file: " + propertiesFile + " cannot be read: " + e.getMessage()));
            }
            file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name)));
        }
        put(settings, "security.protocol", securityProtocol);
        put(settings, "sasl.mechanism", saslMechanism);
        put(settings, "sasl.jaas.config", saslJaasConfig);
        return settings;
    }

    private static void put(Map<String, String> settings, String name, @Nullable String value) {
        if (value != null) {
            settings.put(name, value);
        }
    }
}
