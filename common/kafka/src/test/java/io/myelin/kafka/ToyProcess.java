package io.myelin.kafka;

import io.myelin.contracts.ShardQueries;
import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.shard.ShardLimits;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.InstanceLease;
import io.myelin.postgres.PostgresShardStore;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ShardSetup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;

/** All parts of a process that runs the toy service. */
final class ToyProcess implements AutoCloseable {

    static final int SHARDS = 16;

    final ServiceDatabase database;
    final ToyService toy = new ToyService();
    final InstanceLease lease;
    final PostgresShardStore<Long, ToyService.Added> store;
    final Topics topics;
    final TopicWatch watch;
    final Producer<byte[], byte[]> producer;
    final Replies replies;
    final ShardService<Long, ToyService.Add, ToyService.Added> service;
    final CommandSender sender;
    final Tail<ToyService.Added> tail;

    ToyProcess(DatabaseLogin login, String bootstrapServers) throws Exception {
        database = new ServiceDatabase("toy", login, 8);
        ShardSetup.prepare(database, SHARDS);
        KafkaSettings kafka = new KafkaSettings(bootstrapServers, Map.of());
        topics = new Topics(
                kafka,
                List.of(
                        TopicPlan.input(ToyService.INPUT, SHARDS),
                        TopicPlan.output(ToyService.OUTPUT, SHARDS),
                        TopicPlan.reply(1)));
        topics.prepare();
        watch = new TopicWatch(topics, Set.of(ToyService.INPUT, ToyService.OUTPUT, Replies.TOPIC));
        watch.start();
        producer = kafka.producer("toy");
        replies = new Replies(kafka, watch, 1);
        replies.start();
        lease = new InstanceLease(database, SHARDS, "localhost");
        store = new PostgresShardStore<>(database, toy, lease::id);
        service = new ShardService<>(
                new ShardServiceSpec<>(
                        "toy",
                        SHARDS,
                        ToyService.INPUT,
                        ToyService.OUTPUT,
                        toy,
                        ToyService.Add::decode,
                        ToyService.Added::encode,
                        ShardLimits.DEFAULT),
                store,
                lease::holds,
                new Shell(kafka, watch, producer, replies));
        OwnerLoop loop = service.loop();
        lease.start(loop::hasTurned, loop::leaseLost, loop::lookForShards);
        loop.start();
        sender = new CommandSender(producer, replies, 10_000, Duration.ofSeconds(30));
        tail = new Tail<>(new TailSpec<>(ToyService.OUTPUT, SHARDS, ToyService.Added::decode), queries(), kafka, watch);
    }

    ShardQueries<ToyService.Added> queries() {
        return new ShardQueries<>() {
            @Override
            public Committed committed(int shard) {
                return service.committed(shard).orElseGet(() -> store.committed(shard));
            }

            @Override
            public ReplayPage<ToyService.Added> replay(int shard, long after, int limit) {
                return store.replay(shard, after, limit);
            }
        };
    }

    @Override
    public void close() {
        sender.close();
        tail.close();
        service.loop().stop(Duration.ofSeconds(5));
        lease.close();
        store.close();
        replies.close();
        watch.close();
        topics.close();
        producer.close(Duration.ofSeconds(1));
        database.close();
    }
}
