package io.myelin.kafka;

import org.apache.kafka.clients.producer.Producer;

/** What all services of a process share: the way to Kafka, its topics' ids, one producer, one reply partition. */
public record Shell(KafkaSettings kafka, TopicWatch watch, Producer<byte[], byte[]> producer, Replies replies) {}
