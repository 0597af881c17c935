package io.myelin.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics, checks their partition counts, and looks up their ids. */
public final class Topics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final long TIMEOUT_SECONDS = 10;

    private final Admin admin;
    private final Replication replication;
    /** When a topic was first looked at; 0 before that. */
    private volatile int brokersSeen;

    private final Map<String, TopicPlan> plans = new ConcurrentHashMap<>();

    /** Topics that are replicated as the number of brokers suggests. */
    public Topics(KafkaSettings kafka, List<TopicPlan> plans) {
        this(kafka, Replication.BY_CLUSTER, plans);
    }

    public Topics(KafkaSettings kafka, Replication replication, List<TopicPlan> plans) {
        admin = kafka.admin("myelin-topics");
        this.replication = replication;
        plans.forEach(this::add);
    }

    /** Adds a topic that this process needs. */
    public void add(TopicPlan plan) {
        plans.put(plan.name(), plan);
    }

    /**
     * Creates missing topics, and adds missing partitions to expendable ones.
     *
     * @throws IllegalStateException if a topic has another number of partitions than it has to have
     * @throws BrokerUnavailable if the cluster did not answer
     */
    public void prepare() {
        Set<String> there = get(admin.listTopics().names());
        List<TopicPlan> missing = new ArrayList<>();
        List<String> existing = new ArrayList<>();
        for (TopicPlan plan : plans.values()) {
            if (there.contains(plan.name())) {
                existing.add(plan.name());
            } else {
                missing.add(plan);
            }
        }
        get(admin.describeTopics(existing).allTopicNames()).values().forEach(this::fit);
        create(missing);
    }

    private void fit(TopicDescription topic) {
        TopicPlan plan = plans.get(topic.name());
        sayIfLessReplicated(topic);
        int there = topic.partitions().size();
        if (plan == null || plan.partitions() == there || (plan.expendable() && plan.partitions() < there)) {
            return;
        }
        if (!plan.expendable()) {
            throw new IllegalStateException("The topic " + topic.name() + " has " + there
                    + " partitions, but has to have " + plan.partitions());
        }
        try {
            get(admin.createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(plan.partitions())))
                    .all());
        } catch (InvalidPartitionsException somebodyElseWasFaster) {
            LOG.debug("Another process has added the partitions", somebodyElseWasFaster);
        }
    }

    private void sayIfLessReplicated(TopicDescription topic) {
        int replicas = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (brokersSeen == 0) {
            brokersSeen = brokers();
        }
        int wanted = replication.in(brokersSeen).factor();
        if (replicas < wanted) {
            LOG.warn(
                    "The topic {} exists and has {} replicas instead of {}: give it more with Kafka's"
                            + " kafka-reassign-partitions.sh",
                    topic.name(),
                    replicas,
                    wanted);
        }
    }

    /** Creates topics; tries again while no broker takes them, as while a fenced broker has to register anew. */
    private void create(List<TopicPlan> missing) {
        if (missing.isEmpty()) {
            return;
        }
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        Replication here = replication.in(brokers());
        List<NewTopic> topics = missing.stream().map(plan -> topic(plan, here)).toList();
        while (!areMade(topics)) {
            if (System.nanoTime() > giveUpAt) {
                throw new BrokerUnavailable(
                        "Kafka has no " + here.factor() + " brokers that take the topics "
                                + missing.stream().map(TopicPlan::name).toList(),
                        null);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private boolean areMade(List<NewTopic> topics) {
        boolean made = true;
        for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
            try {
                get(created);
            } catch (TopicExistsException somebodyElseWasFaster) {
                LOG.debug("Another process has made a topic", somebodyElseWasFaster);
            } catch (InvalidReplicationFactorException noBroker) {
                made = false;
            }
        }
        return made;
    }

    /** How many brokers the cluster has, with those that are down. */
    private int brokers() {
        return get(admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true))
                        .nodes())
                .size();
    }

    private static NewTopic topic(TopicPlan plan, Replication replication) {
        return new NewTopic(plan.name(), plan.partitions(), (short) replication.factor())
                .configs(Map.of(
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        String.valueOf(replication.minInSync()),
                        TopicConfig.RETENTION_MS_CONFIG,
                        String.valueOf(plan.retention().toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        String.valueOf(Math.max(60_000, plan.retention().toMillis() / 4)),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        "2097152"));
    }

    /**
     * The ids of topics; missing topics are created first.
     *
     * @throws BrokerUnavailable if the cluster did not answer
     */
    public Map<String, UUID> ids(Collection<String> names) {
        Map<String, UUID> ids = new HashMap<>();
        List<TopicPlan> missing = new ArrayList<>();
        admin.describeTopics(names).topicNameValues().forEach((name, answer) -> {
            try {
                ids.put(name, id(get(answer)));
            } catch (UnknownTopicOrPartitionException unknown) {
                TopicPlan plan = plans.get(name);
                if (plan == null) {
                    throw unknown;
                }
                missing.add(plan);
            }
        });
        if (!missing.isEmpty()) {
            create(missing);
            missing.forEach(plan -> ids.put(plan.name(), idOnceKnown(plan.name())));
        }
        return ids;
    }

    /** Offsets of a topic's partitions, below 0 where there is none. */
    Map<Integer, Long> offsets(String topic, Set<Integer> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(new TopicPartition(topic, partition), which));
        Map<Integer, Long> offsets = new HashMap<>();
        get(admin.listOffsets(wanted).all())
                .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
        return offsets;
    }

    /** The id of a topic that the controller has just created, as soon as a broker knows it. */
    private UUID idOnceKnown(String name) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            try {
                return id(get(Objects.requireNonNull(
                        admin.describeTopics(List.of(name)).topicNameValues().get(name))));
            } catch (UnknownTopicOrPartitionException notYet) {
                if (System.nanoTime() > giveUpAt) {
                    throw new BrokerUnavailable("Kafka does not know the topic " + name + " that it made", notYet);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private static UUID id(TopicDescription topic) {
        return new UUID(
                topic.topicId().getMostSignificantBits(), topic.topicId().getLeastSignificantBits());
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException
                    || e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidReplicationFactorException
                    || e.getCause() instanceof InvalidPartitionsException) {
                throw (RuntimeException) e.getCause();
            }
            throw new BrokerUnavailable("Kafka did not answer: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new BrokerUnavailable("Kafka did not answer in " + TIMEOUT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailable("Interrupted", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
