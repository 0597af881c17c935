package io.myelin.kafka;

import java.time.Duration;

/**
 * The required form of a topic.
 *
 * @param retention how long records are kept; no topic is the only copy of lasting data
 * @param expendable whether records may stay unread without harm: then missing partitions are added, and surplus ones
 *     stay idle
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

    /** Inputs and values of an ephemeral service: kept for ten minutes. */
    public static TopicPlan ephemeral(String name, int shards) {
        return new TopicPlan(name, shards, Duration.ofMinutes(10), true);
    }

    /** Answers to commands: kept for ten minutes. */
    public static TopicPlan reply(int partitions) {
        return new TopicPlan(Replies.TOPIC, partitions, Duration.ofMinutes(10), true);
    }
}
