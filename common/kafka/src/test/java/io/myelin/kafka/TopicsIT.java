package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.myelin.testing.TestEngines;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

class TopicsIT {
    private final KafkaSettings kafka = new KafkaSettings(TestEngines.shared().bootstrapServers(), Map.of());

    private void prepare(TopicPlan plan) {
        try (Topics topics = new Topics(kafka, List.of(plan))) {
            topics.prepare();
        }
    }

    private int partitions(String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = kafka.admin("test")) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .mapToInt(description -> description.partitions().size())
                    .sum();
        }
    }

    @Test
    void thatAreExpendableHaveAsManyPartitionsAsIsSaidOrMore() throws Exception {
        prepare(TopicPlan.ephemeral("signals", 2));
        assertThat(partitions("signals")).isEqualTo(2);
        prepare(TopicPlan.ephemeral("signals", 4));
        await().atMost(Duration.ofSeconds(30)).until(() -> partitions("signals") == 4);
        prepare(TopicPlan.ephemeral("signals", 1));
        assertThat(partitions("signals")).isEqualTo(4);
    }

    @Test
    void ofASingleBrokerHaveOneReplicaWhichIsEnough() throws Exception {
        prepare(TopicPlan.output("single", 1));

        try (Admin admin = kafka.admin("test")) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "single");
            Config config = Objects.requireNonNull(
                    admin.describeConfigs(List.of(topic)).all().get().get(topic));
            assertThat(Objects.requireNonNull(config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG))
                            .value())
                    .isEqualTo("1");
        }
    }

    @Test
    void thatAreLogsAreRefusedWithAnotherNumberOfPartitions() {
        prepare(TopicPlan.output("facts", 4));
        assertThatThrownBy(() -> prepare(TopicPlan.output("facts", 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has 4 partitions, but has to have 2");
    }
}
