package io.myelin.kafka;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A command that waits for its answer. It is published again once a second while the broker does not take it, and less
 * and less often while the broker has it and no answer comes. It is not published again while the producer itself still
 * tries.
 */
final class PendingCommand {

    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 8_000;

    final ProducerRecord<byte[], byte[]> record;
    final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    final long deadline;
    private boolean underWay;
    private long pause = FIRST_PAUSE_MILLIS;
    private long againAt;

    PendingCommand(ProducerRecord<byte[], byte[]> record, long deadline) {
        this.record = record;
        this.deadline = deadline;
    }

    /** The record is handed to the producer. */
    synchronized void handedOver(long now) {
        underWay = true;
        againAt = now + pause;
    }

    /** The broker has the record. */
    synchronized void delivered() {
        underWay = false;
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }

    /** The producer has given the record up, or has not taken it. */
    synchronized void failed() {
        underWay = false;
        pause = FIRST_PAUSE_MILLIS;
    }

    /** Whether the command is to be published again. */
    synchronized boolean isDue(long now) {
        return !underWay && now >= againAt;
    }

    boolean isExpired(long now) {
        return now > deadline;
    }
}
