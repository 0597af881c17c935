package io.myelin.kafka;

import java.time.Duration;

/**
 * A topic as it has to be.
 *
 * @param retention how long records are kept; the truth is elsewhere
 * @param expendable whether it does no harm if a record is never read: then partitions are added where there are too
 *     few, and those that are too many lie idle
 */
public record TopicPlan(String name, int partitions, Duration retention, boolean expendable) {

    /** Commands to a service: kept for an hour. */
    public static TopicPlan input(String name, int shards) {
        return new TopicPlan(name, shards, Duration.ofHours(1), false);
    }

    /** Facts of a service: kept for a day. */
    public static TopicPlan output(String name, int shards) {
        return new TopicPlan(name, shards, Duration.ofHours(24), false);
    }

    /** What goes in and out of an ephemeral service: kept for ten minutes. */
    public static TopicPlan ephemeral(String name, int shards) {
        return new TopicPlan(name, shards, Duration.ofMinutes(10), true);
    }

    /** Answers to commands: kept for ten minutes. */
    public static TopicPlan reply(int partitions) {
        return new TopicPlan(Replies.TOPIC, partitions, Duration.ofMinutes(10), true);
    }
}
