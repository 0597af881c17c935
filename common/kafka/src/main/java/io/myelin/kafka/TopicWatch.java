package io.myelin.kafka;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ids of the topics that this process reads, and looks them up every second: a running consumer does not
 * learn by itself that a topic was made anew.
 */
public final class TopicWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
    private static final long INTERVAL_MILLIS = 1_000;

    private final Topics topics;
    private final Set<String> names;
    private final Map<String, UUID> ids = new ConcurrentHashMap<>();
    private final Thread thread;

    public TopicWatch(Topics topics, Set<String> names) {
        this.topics = topics;
        this.names = ConcurrentHashMap.newKeySet();
        this.names.addAll(names);
        thread = Thread.ofVirtual().name("topic-watch").unstarted(this::watch);
    }

    public void start() {
        look(names);
        thread.start();
    }

    /** Adds a topic that this process reads; it is created if it is missing. To be called before {@link #start}. */
    public void follow(TopicPlan plan) {
        topics.add(plan);
        names.add(plan.name());
    }

    /** @throws BrokerUnavailable if the id is not known yet and the broker does not answer */
    UUID id(String topic) {
        UUID known = ids.get(topic);
        return known == null ? Objects.requireNonNull(look(Set.of(topic)).get(topic)) : known;
    }

    /**
     * Offsets of a topic's partitions, below 0 where there is none.
     *
     * @throws BrokerUnavailable if the broker does not answer, which may take seconds
     */
    Map<Integer, Long> offsets(String topic, Set<Integer> partitions, OffsetSpec which) {
        return topics.offsets(topic, partitions, which);
    }

    private Map<String, UUID> look(Set<String> topicNames) {
        Map<String, UUID> found = topics.ids(topicNames);
        found.forEach((topic, id) -> {
            UUID old = ids.put(topic, id);
            if (old != null && !old.equals(id)) {
                LOG.warn("The topic {} is another one than before", topic);
            }
        });
        return found;
    }

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(INTERVAL_MILLIS);
                look(names);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.debug("Kafka does not tell the topics' ids now: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
