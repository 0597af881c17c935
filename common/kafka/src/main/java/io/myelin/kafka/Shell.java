package io.myelin.kafka;

import io.myelin.kafka.trace.Traces;
import org.apache.kafka.clients.producer.Producer;

/** What all services of a process share: the way to Kafka, its topics' ids, one producer, one reply partition, its traces. */
public record Shell(
        KafkaSettings kafka, TopicWatch watch, Producer<byte[], byte[]> producer, Replies replies, Traces traces) {

    /** Without traces. */
    public Shell(KafkaSettings kafka, TopicWatch watch, Producer<byte[], byte[]> producer, Replies replies) {
        this(kafka, watch, producer, replies, Traces.NONE);
    }
}
