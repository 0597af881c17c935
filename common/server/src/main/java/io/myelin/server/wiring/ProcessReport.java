package io.myelin.server.wiring;

import io.myelin.kafka.KafkaFigures.TopicFigures;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one process reports about itself. All counts are since its start; for rates, compare two reports.
 *
 * @param instance its name among the processes, or {@code host:pid}
 * @param startedAt milliseconds since the epoch
 * @param committed by output topic, and shard: the number up to which this process, as the owner, has committed
 * @param applied by output topic, and shard: the number up to which this process's tail has applied
 * @param broker whether a client of this process is connected to Kafka
 * @param database whether PostgreSQL answered lately; null if the process needs none
 * @param figures by their names, such as {@code rooms}
 */
record ProcessReport(
        String instance,
        long pid,
        long startedAt,
        List<ComponentReport> components,
        List<TopicFigures> topics,
        Map<String, Map<Integer, Long>> committed,
        Map<String, Map<Integer, Long>> applied,
        boolean broker,
        @Nullable Boolean database,
        Map<String, Long> figures) {

    /**
     * A component in a process.
     *
     * @param name as {@link io.myelin.server.service.ServiceDescription#name}
     * @param ready whether it does its work
     * @param shards how many it owns; null for a component that has no shards
     * @param requests answered over HTTP
     */
    record ComponentReport(
            String name, boolean ready, @Nullable Integer shards, long requests) {}
}
