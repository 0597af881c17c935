package io.myelin.server.pipeline;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.EphemeralQueries;
import io.myelin.contracts.ShardQueries;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.PresenceTopics;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.TypingQueries;
import io.myelin.contracts.typing.TypingTopics;
import io.myelin.kafka.EphemeralTail;
import io.myelin.kafka.EphemeralTailSpec;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Tail;
import io.myelin.kafka.TailSpec;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.web.config.MyelinProperties;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * The tails of a process: of those below, the ones that somebody asks for. Each needs its owner's queries, be they in this
 * process or over HTTP.
 */
@Configuration(proxyBeanMethods = false)
public class Tails {
    private final int shards;
    private final int ephemeralShards;
    private final KafkaSettings kafka;
    private final TopicWatch watch;
    private final Stage stage;
    private final List<Tail<?>> tails = new CopyOnWriteArrayList<>();
    private final List<EphemeralTail<?>> ephemeral = new CopyOnWriteArrayList<>();

    Tails(MyelinProperties properties, KafkaSettings kafka, TopicWatch watch, @Qualifier("tailStage") Stage tailStage) {
        this.shards = properties.shards();
        this.ephemeralShards = properties.ephemeralShards();
        this.kafka = kafka;
        this.watch = watch;
        this.stage = tailStage;
    }

    /** The logs that this process follows. */
    public List<Tail<?>> all() {
        return List.copyOf(tails);
    }

    /** The ephemeral topics that this process follows. */
    public List<EphemeralTail<?>> allEphemeral() {
        return List.copyOf(ephemeral);
    }

    @Bean(destroyMethod = "")
    @Lazy
    Tail<RoomFact> roomTail(RoomQueries owner) {
        return follow(RoomTopics.OUTPUT, RoomFact.class, owner);
    }

    @Bean(destroyMethod = "")
    @Lazy
    Tail<AccountFact> accountTail(AccountQueries owner) {
        return follow(AccountTopics.OUTPUT, AccountFact.class, owner);
    }

    @Bean(destroyMethod = "")
    @Lazy
    Tail<ReceiptFact> receiptTail(ReceiptQueries owner) {
        return follow(ReceiptTopics.OUTPUT, ReceiptFact.class, owner);
    }

    @Bean(destroyMethod = "")
    @Lazy
    EphemeralTail<RoomTyping> typingTail(TypingQueries owner) {
        return follow(
                TypingTopics.OUTPUT, RoomTyping.class, typing -> typing.room().value(), owner);
    }

    @Bean(destroyMethod = "")
    @Lazy
    EphemeralTail<UserPresence> presenceTail(PresenceQueries owner) {
        return follow(
                PresenceTopics.OUTPUT,
                UserPresence.class,
                presence -> presence.user().value(),
                owner);
    }

    private <F> Tail<F> follow(String topic, Class<F> fact, ShardQueries<F> owner) {
        watch.follow(TopicPlan.output(topic, shards));
        Tail<F> tail =
                new Tail<>(new TailSpec<>(topic, shards, bytes -> Cbor.decode(bytes, fact)), owner, kafka, watch);
        tails.add(tail);
        stage.add("the service whose log is " + topic, tail::start, tail::close);
        return tail;
    }

    private <V> EphemeralTail<V> follow(
            String topic, Class<V> value, Function<V, String> key, EphemeralQueries<V> owner) {
        watch.follow(TopicPlan.ephemeral(topic, ephemeralShards));
        EphemeralTail<V> tail = new EphemeralTail<>(
                new EphemeralTailSpec<>(topic, ephemeralShards, bytes -> Cbor.decode(bytes, value), key),
                owner,
                kafka,
                watch);
        ephemeral.add(tail);
        stage.add("the service whose values are in " + topic, tail::start, tail::close);
        return tail;
    }
}
