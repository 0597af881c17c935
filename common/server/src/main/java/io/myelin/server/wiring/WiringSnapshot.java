package io.myelin.server.wiring;

import java.util.List;
import java.util.Map;

/**
 * The whole wiring at one moment. Counts are sums over the processes that answered. A process that restarts counts from
 * 0, so a sum may fall.
 *
 * @param at milliseconds since the epoch
 * @param server the homeserver's name
 * @param apart whether the components are processes of their own
 * @param figures such as {@code rooms}, {@code users}, {@code parked}
 */
record WiringSnapshot(
        long at,
        String server,
        boolean apart,
        List<Part> components,
        List<Topic> topics,
        List<Engine> engines,
        Map<String, Long> figures) {

    /**
     * A component.
     *
     * @param role {@code writer}, {@code server} or {@code reader}
     * @param clients whether it answers clients itself
     * @param reads topics
     * @param writes topics
     */
    record Part(
            String name,
            String role,
            boolean clients,
            List<String> reads,
            List<String> writes,
            long requests,
            List<Instance> instances) {}

    /**
     * One process of a component.
     *
     * @param shards how many it owns; −1 for a component that has no shards
     * @param startedAt 0 if it does not answer
     */
    record Instance(String name, boolean healthy, int shards, long pid, long startedAt) {}

    /** @param lag how many records, or facts, its slowest reader is behind */
    record Topic(String name, long published, long consumed, long lag) {}

    /** PostgreSQL or Kafka. */
    record Engine(String name, boolean healthy) {}
}
