package io.myelin.roomserver.config;

import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Replies;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.web.config.MyelinProperties;
import java.sql.SQLException;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans of room-server. Needs {@link MyelinProperties}, the {@link SigningKey}, a {@link DatabaseLogin}, and of Kafka
 * the settings, a producer, the {@link TopicWatch} and the {@link Replies}.
 */
@Configuration(proxyBeanMethods = false)
public class RoomServerConfiguration {

    @Bean
    TopicPlan roomInput(MyelinProperties properties) {
        return TopicPlan.input(RoomTopics.INPUT, properties.shards());
    }

    @Bean
    TopicPlan roomOutput(MyelinProperties properties) {
        return TopicPlan.output(RoomTopics.OUTPUT, properties.shards());
    }

    @Bean
    RoomServer roomServer(
            MyelinProperties properties,
            SigningKey key,
            DatabaseLogin login,
            KafkaSettings kafka,
            TopicWatch watch,
            Producer<byte[], byte[]> producer,
            Replies replies)
            throws SQLException {
        return new RoomServer(
                login,
                properties.database().poolSize(),
                properties.shards(),
                new EventSigner(ServerName.parse(properties.serverName()), key),
                kafka,
                watch,
                producer,
                replies);
    }

    @Bean
    RoomQueries roomQueries(RoomServer server) {
        return server.queries();
    }
}
