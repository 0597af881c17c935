package io.myelin.kafka;

import java.time.Duration;

/**
 * A topic as it has to be.
 *
 * @param retention how long records are kept; the truth is elsewhere
 */
public record TopicPlan(String name, int partitions, Duration retention) {

    /** Commands to a service: kept for an hour. */
    public static TopicPlan input(String name, int shards) {
        return new TopicPlan(name, shards, Duration.ofHours(1));
    }

    /** Facts of a service: kept for a day. */
    public static TopicPlan output(String name, int shards) {
        return new TopicPlan(name, shards, Duration.ofHours(24));
    }

    /** What goes in and out of an ephemeral service: kept for ten minutes. */
    public static TopicPlan ephemeral(String name, int shards) {
        return new TopicPlan(name, shards, Duration.ofMinutes(10));
    }

    /** Answers to commands. */
    public static TopicPlan reply() {
        return new TopicPlan(Replies.TOPIC, Replies.PARTITIONS, Duration.ofMinutes(10));
    }
}
