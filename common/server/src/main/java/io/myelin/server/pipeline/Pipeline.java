package io.myelin.server.pipeline;

import io.myelin.contracts.Topic;
import io.myelin.kafka.BrokerUnavailable;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.EphemeralSender;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Replication;
import io.myelin.kafka.Replies;
import io.myelin.kafka.Shell;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.Topics;
import io.myelin.kafka.trace.Traces;
import io.myelin.server.Phases;
import io.myelin.server.service.Program;
import io.myelin.settings.ServerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.backoff.FixedBackOff;

/**
 * How a process reaches Kafka. Needs {@link KafkaSettings}, {@link Traces} and the {@link Program}; the topics of its servers are
 * created.
 */
@Configuration(proxyBeanMethods = false)
@Import(Tails.class)
public class Pipeline {

    @Bean(destroyMethod = "close")
    Topics topics(KafkaSettings kafka, ServerSettings properties) {
        var settings = properties.kafka();
        var replication = new Replication(settings.replicationFactor(), settings.minInsyncReplicas());
        return new Topics(kafka, replication, List.of());
    }

    @Bean(destroyMethod = "")
    TopicWatch topicWatch(Topics topics, Program program, ServerSettings properties) {
        TopicWatch watch = new TopicWatch(topics, Set.of());
        program.topicsOfServers().forEach(topic -> watch.follow(plan(topic, properties)));
        return watch;
    }

    static TopicPlan plan(Topic<?> topic, ServerSettings properties) {
        return switch (topic) {
            case Topic.Commands<?> commands -> TopicPlan.input(commands.name(), properties.shards());
            case Topic.Facts<?> facts -> TopicPlan.output(facts.name(), properties.shards());
            case Topic.Signals<?> signals -> TopicPlan.ephemeral(signals.name(), properties.ephemeralShards());
            case Topic.Values<?> values -> TopicPlan.ephemeral(values.name(), properties.ephemeralShards());
        };
    }

    @Bean
    PhaseParts topicStage(Topics topics, TopicWatch watch) {
        PhaseParts stage = PhaseParts.inOrder(Phases.TOPICS);
        stage.add("Kafka", () -> prepare(topics, watch), watch::close);
        return stage;
    }

    private static void prepare(Topics topics, TopicWatch watch) throws InterruptedException {
        var pauses = new FixedBackOff(200, FixedBackOff.UNLIMITED_ATTEMPTS).start();
        while (true) {
            try {
                topics.prepare();
                watch.start();
                return;
            } catch (BrokerUnavailable e) {
                LoggerFactory.getLogger(Pipeline.class).warn("Kafka cannot be used yet: {}", e.getMessage());
                TimeUnit.MILLISECONDS.sleep(pauses.nextBackOff());
            }
        }
    }

    @Bean(destroyMethod = "")
    @Lazy
    Producer<byte[], byte[]> producer(KafkaSettings kafka, @Qualifier("topicStage") PhaseParts topicStage) {
        Producer<byte[], byte[]> producer = kafka.producer("myelin");
        topicStage.add("the producer", () -> {}, () -> producer.close(Duration.ofSeconds(1)));
        return producer;
    }

    @Bean(destroyMethod = "")
    @Lazy
    Replies replies(
            KafkaSettings kafka,
            TopicWatch watch,
            ServerSettings properties,
            @Qualifier("topicStage") PhaseParts topicStage) {
        int partitions = properties.kafka().replyPartitions();
        watch.follow(TopicPlan.reply(partitions));
        Replies replies = new Replies(kafka, watch, partitions);
        topicStage.add("the partition for replies", replies::start, replies::close);
        return replies;
    }

    @Bean
    @Lazy
    Shell shell(
            KafkaSettings kafka, TopicWatch watch, Producer<byte[], byte[]> producer, Replies replies, Traces traces) {
        return new Shell(kafka, watch, producer, replies, traces);
    }

    @Bean
    PhaseParts tailStage() {
        return PhaseParts.sideBySide(Phases.TAILS);
    }

    @Bean
    PhaseParts writerStage() {
        return PhaseParts.inOrder(Phases.WRITERS);
    }

    @Bean(destroyMethod = "")
    @Lazy
    CommandSender commandSender(
            KafkaSettings kafka,
            Replies replies,
            ServerSettings properties,
            Traces traces,
            @Qualifier("writerStage") PhaseParts writerStage) {
        Producer<byte[], byte[]> producer = kafka.producer("myelin-commands");
        CommandSender sender = new CommandSender(
                producer,
                replies,
                properties.limits().commandsInFlight(),
                properties.limits().commandDeadline(),
                traces);
        writerStage.add("the sender of commands", () -> {}, () -> {
            sender.close();
            producer.close(Duration.ofSeconds(1));
        });
        return sender;
    }

    @Bean(destroyMethod = "")
    @Lazy
    EphemeralSender ephemeralSender(KafkaSettings kafka, @Qualifier("topicStage") PhaseParts topicStage) {
        EphemeralSender sender = new EphemeralSender(kafka);
        topicStage.add("the ephemeral sender", () -> {}, sender::close);
        return sender;
    }
}
