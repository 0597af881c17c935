package io.myelin.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The settings of Myelin's Kafka clients. They use no consumer groups and commit no offsets: a position is stored
 * together with the results of the records before it. No durable record waits for a batch to fill, and no send may
 * block a loop.
 *
 * @param bootstrapServers of the cluster
 * @param more further client properties, such as credentials; they override those that all clients share
 * @param figures of the clients made from these settings
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> more, KafkaFigures figures) {

    /** Settings whose clients have figures of their own. */
    public KafkaSettings(String bootstrapServers, Map<String, String> more) {
        this(bootstrapServers, more, new KafkaFigures());
    }

    public Producer<byte[], byte[]> producer(String clientId) {
        Properties properties = common(clientId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "50");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "2097152");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * A producer for records that may be lost with a broker: the leader alone acknowledges them, they are tried for
     * five seconds, and they stay in order.
     */
    public Producer<byte[], byte[]> ephemeralProducer(String clientId) {
        Properties properties = common(clientId);
        properties.put(ProducerConfig.ACKS_CONFIG, "1");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false");
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "5");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "50");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "2000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "2097152");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public Consumer<byte[], byte[]> consumer(String clientId) {
        Properties properties = common(clientId);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000");
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, "8388608");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "500");
        properties.put(ConsumerConfig.CHECK_CRCS_CONFIG, "false");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Closes a consumer at once. By default it waits for the answer to its last fetch, which comes only with a record.
     */
    static void close(Consumer<byte[], byte[]> consumer) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    public Admin admin(String clientId) {
        Properties properties = common(clientId);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        // With the default, a client that finds no broker asks every 20 ms.
        properties.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, "200");
        return Admin.create(properties);
    }

    private Properties common(String clientId) {
        Properties properties = new Properties();
        properties.putAll(figures.settings());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        properties.put(CommonClientConfigs.SEND_BUFFER_CONFIG, "-1");
        properties.put(CommonClientConfigs.RECEIVE_BUFFER_CONFIG, "-1");
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, "20");
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
        properties.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, "20");
        properties.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, "500");
        properties.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, "30000");
        properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, "2000");
        properties.putAll(more);
        return properties;
    }
}
