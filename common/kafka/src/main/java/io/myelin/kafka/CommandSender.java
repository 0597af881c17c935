package io.myelin.kafka;

import io.myelin.contracts.Unavailable;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.kafka.trace.Span;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.kafka.trace.Traces;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands and waits for their answers. A command without an answer is sent again, with the same id, until its
 * deadline (see {@link PendingCommand}); only then does the caller learn that the outcome is unknown.
 */
public final class CommandSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandSender.class);
    private static final long TICK_MILLIS = 50;

    private final Producer<byte[], byte[]> producer;
    private final Replies replies;
    private final int mostInFlight;
    private final Duration deadline;
    private final Traces traces;
    private final Map<UUID, PendingCommand> pending = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Thread repeater;
    private volatile boolean closed;

    /** Without traces. */
    public CommandSender(Producer<byte[], byte[]> producer, Replies replies, int mostInFlight, Duration deadline) {
        this(producer, replies, mostInFlight, deadline, Traces.NONE);
    }

    /**
     * @param mostInFlight commands that may wait for their answers at once
     * @param deadline after which a command is no longer executed
     */
    public CommandSender(
            Producer<byte[], byte[]> producer, Replies replies, int mostInFlight, Duration deadline, Traces traces) {
        this.producer = producer;
        this.replies = replies;
        this.mostInFlight = mostInFlight;
        this.deadline = deadline;
        this.traces = traces;
        replies.listen(this::answered);
        repeater = Thread.ofPlatform().daemon().name("command-repeater").start(this::repeat);
    }

    /**
     * Sends a command.
     *
     * @param key names the entity, for people who read the topic
     * @param id the same id when the caller repeats a command
     * @param transaction the client's, if it has one
     * @return the answer; fails with {@link Unavailable} if there are too many commands in flight, or the deadline
     *     passed without one
     */
    public CompletableFuture<byte[]> send(
            String topic, int partition, String key, UUID id, @Nullable TransactionKey transaction, byte[] command) {
        if (inFlight.incrementAndGet() > mostInFlight) {
            inFlight.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new Unavailable("The server has more requests than it can handle; try again"));
        }
        long now = System.currentTimeMillis();
        long expiry = now + deadline.toMillis();
        byte[] value = Wire.request(new Wire.RequestValue(id, expiry, replies.partition(), transaction, command));
        PendingCommand waiting = new PendingCommand(
                new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), value), expiry);
        trace(waiting, id);
        PendingCommand earlier = pending.putIfAbsent(id, waiting);
        if (earlier != null) {
            inFlight.decrementAndGet();
            waiting.answer.cancel(false);
            return earlier.answer;
        }
        publish(waiting, now);
        if (closed) {
            abandon(id);
        }
        return waiting.answer;
    }

    /**
     * If the caller's thread works on a span, the command is one below it, from now until its answer. To be called before
     * the command is among those that wait: from then on it may be published, by this thread or the repeater, and a record
     * that has been sent takes no header.
     */
    private void trace(PendingCommand waiting, UUID id) {
        TraceParent caller = traces.current();
        if (caller == null) {
            return;
        }
        ProducerRecord<byte[], byte[]> message = waiting.record;
        Span span = traces.begin(Span.Kind.PRODUCER, "send " + message.topic(), caller)
                .with("messaging.system", "kafka")
                .with("messaging.destination.name", message.topic())
                .with("messaging.message.id", id.toString())
                .with("myelin.shard", message.partition());
        span.place().addTo(message.headers());
        waiting.answer.whenComplete((_, failure) -> {
            if (failure != null) {
                span.failed(failure.toString());
            }
            span.end();
        });
    }

    private void publish(PendingCommand waiting, long now) {
        waiting.handedOver(now);
        try {
            producer.send(waiting.record, (_, failure) -> {
                if (failure == null) {
                    waiting.delivered();
                } else {
                    waiting.failed();
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            waiting.failed();
            LOG.debug("A command was not handed over", e);
        }
    }

    private void abandon(UUID id) {
        PendingCommand waiting = remove(id);
        if (waiting != null) {
            waiting.answer.completeExceptionally(new Unavailable("The server is stopping; try again"));
        }
    }

    private boolean answered(UUID command, byte[] answer) {
        PendingCommand waiting = remove(command);
        return waiting != null && waiting.answer.complete(answer);
    }

    private @Nullable PendingCommand remove(UUID command) {
        PendingCommand waiting = pending.remove(command);
        if (waiting != null) {
            inFlight.decrementAndGet();
        }
        return waiting;
    }

    private void repeat() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.currentTimeMillis();
            pending.forEach((id, waiting) -> {
                if (waiting.isExpired(now)) {
                    if (remove(id) != null) {
                        waiting.answer.completeExceptionally(new Unavailable(
                                "No answer in " + deadline.toSeconds() + " s: the request was not carried out, or"
                                        + " nobody knows yet; repeat it with the same transaction identifier"));
                    }
                } else if (waiting.isDue(now)) {
                    publish(waiting, now);
                }
            });
        }
    }

    /** How many commands wait for their answers. */
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public void close() {
        closed = true;
        repeater.interrupt();
        pending.keySet().forEach(this::abandon);
    }
}
