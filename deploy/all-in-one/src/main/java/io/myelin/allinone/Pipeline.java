package io.myelin.allinone;

import io.myelin.accountserver.config.AccountServer;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Replies;
import io.myelin.kafka.Shell;
import io.myelin.kafka.Tail;
import io.myelin.kafka.TailSpec;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.Topics;
import io.myelin.roomserver.config.RoomServer;
import io.myelin.web.config.MyelinProperties;
import io.myelin.web.config.Phases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the components of one process share: one producer, one reply partition, one tail for each topic; and the order
 * in which all that starts.
 */
@Configuration(proxyBeanMethods = false)
class Pipeline {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Bean
    TopicPlan replyTopic() {
        return TopicPlan.reply();
    }

    @Bean(destroyMethod = "close")
    Topics topics(KafkaSettings kafka, List<TopicPlan> plans) {
        return new Topics(kafka, plans);
    }

    @Bean(destroyMethod = "")
    TopicWatch topicWatch(Topics topics, List<TopicPlan> plans) {
        return new TopicWatch(topics, plans.stream().map(TopicPlan::name).collect(Collectors.toSet()));
    }

    @Bean(destroyMethod = "")
    Producer<byte[], byte[]> producer(KafkaSettings kafka) {
        return kafka.producer("myelin");
    }

    @Bean(destroyMethod = "")
    Replies replies(KafkaSettings kafka, TopicWatch watch) {
        return new Replies(kafka, watch);
    }

    @Bean
    Shell shell(KafkaSettings kafka, TopicWatch watch, Producer<byte[], byte[]> producer, Replies replies) {
        return new Shell(kafka, watch, producer, replies);
    }

    @Bean(destroyMethod = "")
    CommandSender commandSender(Producer<byte[], byte[]> producer, Replies replies, MyelinProperties properties) {
        return new CommandSender(
                producer,
                replies,
                properties.limits().commandsInFlight(),
                properties.limits().commandDeadline());
    }

    @Bean(destroyMethod = "")
    Tail<RoomFact> roomTail(MyelinProperties properties, RoomQueries owner, KafkaSettings kafka, TopicWatch watch) {
        var spec = new TailSpec<RoomFact>(
                RoomTopics.OUTPUT, properties.shards(), bytes -> Cbor.decode(bytes, RoomFact.class));
        return new Tail<>(spec, owner, kafka, watch);
    }

    @Bean(destroyMethod = "")
    Tail<AccountFact> accountTail(
            MyelinProperties properties, AccountQueries owner, KafkaSettings kafka, TopicWatch watch) {
        var spec = new TailSpec<AccountFact>(
                AccountTopics.OUTPUT, properties.shards(), bytes -> Cbor.decode(bytes, AccountFact.class));
        return new Tail<>(spec, owner, kafka, watch);
    }

    @Bean
    Stage topicStage(Topics topics, TopicWatch watch, Producer<byte[], byte[]> producer, Replies replies) {
        return new Stage(
                Phases.TOPICS,
                () -> {
                    topics.prepare();
                    watch.start();
                    replies.start();
                },
                () -> {
                    replies.close();
                    watch.close();
                    producer.close(Duration.ofSeconds(1));
                });
    }

    @Bean
    Stage ownershipStage(RoomServer rooms, AccountServer accounts) {
        return new Stage(
                Phases.RUNTIMES + 1,
                () -> {
                    await("room-server to own its shards", rooms.shards()::ownsAll);
                    await("account-server to own its shards", accounts.shards()::ownsAll);
                },
                () -> {});
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - giveUpAt > 0) {
                throw new IllegalStateException("Waited " + PATIENCE.toSeconds() + " s in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Bean
    Stage tailStage(Tail<RoomFact> rooms, Tail<AccountFact> accounts) {
        return new Stage(
                Phases.TAILS,
                () -> {
                    rooms.start();
                    accounts.start();
                },
                () -> {
                    rooms.close();
                    accounts.close();
                });
    }

    @Bean
    Stage writerStage(CommandSender sender) {
        return new Stage(Phases.WRITERS, () -> {}, sender::close);
    }
}
