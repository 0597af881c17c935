package io.myelin.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/**
 * What the Kafka clients of this process have sent and read, by topic. The clients count this anyway; this class keeps
 * the few of their metrics that matter and reads them when asked, so it adds no cost to a record.
 */
public final class KafkaFigures {

    private static final String CONFIG = "myelin.figures";
    private static final String SENT = "record-send-total";
    private static final String READ = "records-consumed-total";
    private static final String LAG = "records-lag";
    private static final String CONNECTIONS = "connection-count";

    private final Set<KafkaMetric> metrics = ConcurrentHashMap.newKeySet();

    /**
     * A topic, as this process sees it, since it started.
     *
     * @param published records that were sent to it
     * @param consumed records that were read from it
     * @param lag records that are in the partitions read here and have not been read: end offset − next offset
     */
    public record TopicFigures(String topic, long published, long consumed, long lag) {}

    /** The figures of one topic; zeros if this process neither sends nor reads it. */
    public TopicFigures topic(String name) {
        return topics().stream()
                .filter(topic -> topic.topic().equals(name))
                .findFirst()
                .orElse(new TopicFigures(name, 0, 0, 0));
    }

    /** The figures of all topics, ordered by name. */
    public List<TopicFigures> topics() {
        Map<String, long[]> byTopic = new TreeMap<>();
        metrics.forEach(metric -> {
            MetricName name = metric.metricName();
            String topic = name.tags().get("topic");
            if (topic != null) {
                long[] sums = byTopic.computeIfAbsent(topic, none -> new long[3]);
                switch (name.name()) {
                    case SENT -> sums[0] += value(metric);
                    case READ -> sums[1] += value(metric);
                    case LAG -> sums[2] += value(metric);
                    default -> throw new IllegalStateException("Not kept: " + name);
                }
            }
        });
        List<TopicFigures> topics = new ArrayList<>();
        byTopic.forEach((topic, sums) -> topics.add(new TopicFigures(topic, sums[0], sums[1], sums[2])));
        return topics;
    }

    /** Whether any client is connected to a broker now. */
    public boolean isConnected() {
        return metrics.stream().anyMatch(metric -> metric.metricName().name().equals(CONNECTIONS) && value(metric) > 0);
    }

    /** A metric's value; 0 while it is not a number, as a lag before the first record. */
    private static long value(KafkaMetric metric) {
        return metric.metricValue() instanceof Number number ? number.longValue() : 0;
    }

    /** The settings with which a client is counted here. */
    Map<String, Object> settings() {
        return Map.of(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of(Reporter.class), CONFIG, this);
    }

    private static boolean isKept(MetricName name) {
        String topic = name.tags().get("topic");
        return switch (name.name()) {
            // The clients count a topic with a dot twice, the second time with an underscore.
            case SENT, READ, LAG -> topic != null && topic.indexOf('_') < 0;
            case CONNECTIONS -> true;
            default -> false;
        };
    }

    /**
     * Each client creates one from its settings; it adds the client's metrics to the figures and removes them again.
     */
    public static final class Reporter implements MetricsReporter {

        private final Set<KafkaMetric> own = ConcurrentHashMap.newKeySet();
        private KafkaFigures figures = new KafkaFigures();

        @Override
        public void configure(Map<String, ?> settings) {
            if (settings.get(CONFIG) instanceof KafkaFigures given) {
                figures = given;
            }
        }

        @Override
        public void init(List<KafkaMetric> metrics) {
            metrics.forEach(this::metricChange);
        }

        @Override
        public void metricChange(KafkaMetric metric) {
            if (isKept(metric.metricName())) {
                own.add(metric);
                figures.metrics.add(metric);
            }
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {
            own.remove(metric);
            figures.metrics.remove(metric);
        }

        @Override
        public void close() {
            figures.metrics.removeAll(own);
        }
    }
}
