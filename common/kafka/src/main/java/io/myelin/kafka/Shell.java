package io.myelin.kafka;

import org.apache.kafka.clients.producer.Producer;

/** What everything in a process shares: how to reach Kafka, its topics' ids, one producer, one reply partition. */
public record Shell(KafkaSettings kafka, TopicWatch watch, Producer<byte[], byte[]> producer, Replies replies) {}
