package io.myelin.server.observability;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaFigures;
import io.myelin.kafka.KafkaFigures.TopicFigures;
import io.myelin.kafka.LoopFigures;
import io.myelin.kafka.Tail;
import io.myelin.server.ShardOwner;
import io.myelin.server.ShardServer;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Registers the figures with Micrometer. All are read at a scrape; none is written here. */
final class Meters {

    private final MeterRegistry registry;

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    void server(ShardServer<?, ?, ?> server, int shards) {
        Tags tags = Tags.of("service", server.database().schema());
        LoopFigures loop = server.service().figures();
        counter("myelin.shard.commands", "Commands decided and committed", tags, loop, LoopFigures::commands);
        counter("myelin.shard.facts", "Facts committed", tags, loop, LoopFigures::facts);
        counter("myelin.shard.commit.failures", "Transactions not committed", tags, loop, LoopFigures::failures);
        counter("myelin.shard.commands.skipped", "Records not understood", tags, loop, LoopFigures::skipped);
        counter("myelin.shard.commands.given.up", "Commands that owners died of", tags, loop, LoopFigures::givenUp);
        Gauge.builder("myelin.shard.quarantined", loop, LoopFigures::quarantined)
                .description("Entities that cannot be loaded; commands that need one are refused")
                .tags(tags)
                .register(registry);
        FunctionTimer.builder(
                        "myelin.shard.commit",
                        loop,
                        LoopFigures::commits,
                        LoopFigures::commitNanos,
                        TimeUnit.NANOSECONDS)
                .description("Transactions committed, and their time; commands by commits is the size of a batch")
                .tags(tags)
                .register(registry);
        Gauge.builder("myelin.shard.committed.seq", server, owner -> committed(owner, shards))
                .description("The sum of the numbers up to which the shards owned here are committed")
                .tags(tags)
                .register(registry);
    }

    /** What a server has of either engine: its shards and its lease. */
    void owner(ShardOwner owner) {
        Tags tags = Tags.of("service", owner.database().schema());
        Gauge.builder("myelin.shard.owned", owner, one -> one.owned().size())
                .description("Shards that this process owns")
                .tags(tags)
                .register(registry);
        Gauge.builder("myelin.shard.count", owner, ShardOwner::shards)
                .description("Shards that the service has, in all its processes together")
                .tags(tags)
                .register(registry);
        counter("myelin.lease.losses", "Leases lost: the process began anew", tags, owner, ShardOwner::leaseLosses);
    }

    private static double committed(ShardServer<?, ?, ?> server, int shards) {
        double sum = 0;
        for (int shard = 0; shard < shards; shard++) {
            sum += server.service()
                    .committed(shard)
                    .map(committed -> committed.seq())
                    .orElse(0L);
        }
        return sum;
    }

    void tail(Tail<?> tail, int shards) {
        Gauge.builder("myelin.tail.applied.seq", tail, follower -> applied(follower, shards))
                .description("The sum of the numbers up to which the shards have been applied here")
                .tags(Tags.of("topic", tail.topic()))
                .register(registry);
    }

    private static double applied(Tail<?> tail, int shards) {
        double sum = 0;
        for (int shard = 0; shard < shards; shard++) {
            sum += tail.position(shard).seq();
        }
        return sum;
    }

    void topics(Collection<String> names, KafkaFigures kafka) {
        for (String name : names) {
            Tags tags = Tags.of("topic", name);
            counter("myelin.topic.published", "Records sent", tags, kafka, of(name, TopicFigures::published));
            counter("myelin.topic.consumed", "Records read", tags, kafka, of(name, TopicFigures::consumed));
            Gauge.builder("myelin.topic.lag", kafka, of(name, TopicFigures::lag))
                    .description("Records in the partitions read here that have not been read")
                    .tags(tags)
                    .register(registry);
        }
    }

    private static ToDoubleFunction<KafkaFigures> of(String topic, ToDoubleFunction<TopicFigures> figure) {
        return kafka -> figure.applyAsDouble(kafka.topic(topic));
    }

    void sender(CommandSender sender) {
        Gauge.builder("myelin.commands.in.flight", sender, CommandSender::inFlight)
                .description("Commands that wait for their answers")
                .register(registry);
    }

    private <T> void counter(String name, String description, Tags tags, T source, ToDoubleFunction<T> count) {
        FunctionCounter.builder(name, source, count)
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
