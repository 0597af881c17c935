package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.LogPosition;
import io.myelin.engine.Numbered;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.Order;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.ShardLimits;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.kafka.trace.NotedTraces;
import io.myelin.kafka.trace.Span;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.kafka.trace.Traces;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracedCommandsTest {
    private static final int SHARD = 3;
    private static final UUID COMMAND = new UUID(0, 1);
    private static final byte[] NOTHING = {};
    private static final long NOW = 1_000_000;

    private final ToyService toy = new ToyService();
    private final NotedTraces traces = new NotedTraces();
    private final TracedCommands traced = of(traces);
    private final TraceParent caller =
            traces.begin(Span.Kind.PRODUCER, "send", null).place();

    private TracedCommands of(Traces those) {
        return new TracedCommands(
                those,
                new ShardServiceSpec<>(
                        "toy",
                        16,
                        ToyService.INPUT,
                        ToyService.OUTPUT,
                        toy,
                        ToyService.Add::decode,
                        ToyService.Added::encode,
                        ShardLimits.DEFAULT));
    }

    private static ConsumerRecord<byte[], byte[]> message(@Nullable TraceParent parent) {
        var message = new ConsumerRecord<>(ToyService.INPUT, SHARD, 7, NOTHING, NOTHING);
        if (parent != null) {
            parent.addTo(message.headers());
        }
        return message;
    }

    private static Request<ToyService.Add> request(UUID id) {
        return new Request<>(
                id, Request.NEVER, new ReplyTo.Nobody(), null, new ToyService.Add("counter", 1, "one", -1));
    }

    private static Batch<ToyService.Added> batch(UUID id, long firstSeq, List<StoredOrder> orders) {
        var facts = List.of(new ToyService.Added("counter", 1, 1, "one"), new ToyService.Added("counter", 1, 2, "one"));
        return new Batch<>(List.of(new Batch.OfShard<>(
                SHARD,
                1,
                firstSeq + 1,
                0,
                LogPosition.START,
                List.of(new Batch.Done<>(id, null, NOTHING, firstSeq, facts, orders)),
                List.of())));
    }

    private static List<Numbered<byte[]>> facts(long... seqs) {
        return Arrays.stream(seqs).mapToObj(seq -> new Numbered<>(seq, NOTHING)).toList();
    }

    private static List<ProducerRecord<byte[], byte[]>> messages(int count) {
        return Stream.generate(() -> new ProducerRecord<>(ToyService.OUTPUT, SHARD, NOTHING, NOTHING))
                .limit(count)
                .toList();
    }

    @Test
    void traceGoesFromTheCommandToItsFacts() {
        traced.read(message(caller), request(COMMAND), NOW);
        traced.deciding(COMMAND);
        traced.decided();
        var batch = batch(COMMAND, 10, List.of());
        traced.committing(batch);
        traced.committed(batch, new CommitOutcome.Committed());
        var messages = messages(3);
        var sending = traced.publishing(SHARD, facts(10, 11, 12), messages);
        traced.answered(COMMAND);
        sending.forEach(Span::end);

        var process = traces.named("process toy.input");
        assertThat(process.parent).isEqualTo(caller);
        assertThat(process.attributes)
                .containsEntry("myelin.command", "Add")
                .containsEntry("myelin.service", "toy-server")
                .containsEntry("myelin.seq", "10");
        assertThat(traces.names())
                .containsExactly("send", "process toy.input", "decide", "commit", "send toy.output", "send toy.output");
        assertThat(traces.spans())
                .filteredOn(span -> span != process && span.parent != null)
                .allMatch(span -> process.place.equals(span.parent))
                .allMatch(span -> span.ends == 1);
        assertThat(process.ends).isEqualTo(1);
        assertThat(TraceParent.of(messages.get(0).headers())).isNotNull();
        assertThat(TraceParent.of(messages.get(1).headers())).isNotNull();
        assertThat(TraceParent.of(messages.get(2).headers())).isNull();
        assertThat(traces.current()).isNull();
    }

    @Test
    void factOfATransactionThatDidNotCommitHasNoTrace() {
        traced.read(message(caller), request(COMMAND), NOW);
        var batch = batch(COMMAND, 10, List.of());
        traced.committing(batch);
        traced.committed(batch, new CommitOutcome.Unknown());

        assertThat(traces.named("commit").failure).isNotNull();
        assertThat(traces.named("commit").ends).isEqualTo(1);
        assertThat(traced.publishing(SHARD, facts(10, 11), messages(2))).isEmpty();
        assertThat(traces.named("process toy.input").ends).isZero();
    }

    @Test
    void factIsPublishedWithItsTraceOnce() {
        traced.read(message(caller), request(COMMAND), NOW);
        var batch = batch(COMMAND, 10, List.of());
        traced.committing(batch);
        traced.committed(batch, new CommitOutcome.Committed());

        assertThat(traced.publishing(SHARD, facts(10, 11), messages(2))).hasSize(2);
        assertThat(traced.publishing(SHARD, facts(10, 11), messages(2))).isEmpty();
    }

    @Test
    void orderToAnotherShardBelongsToTheTrace() {
        traced.read(message(caller), request(COMMAND), NOW);
        var order = new StoredOrder(new UUID(0, 9), new Order("other.input", 1, NOTHING));
        var batch = batch(COMMAND, 10, List.of(order));
        traced.committing(batch);
        traced.committed(batch, new CommitOutcome.Committed());
        var first = new ProducerRecord<>("other.input", 1, NOTHING, NOTHING);
        traced.ordering(order.id(), first);
        var repeated = new ProducerRecord<>("other.input", 1, NOTHING, NOTHING);
        traced.ordering(order.id(), repeated);

        assertThat(TraceParent.of(first.headers())).isNotNull();
        assertThat(TraceParent.of(repeated.headers())).isNull();
    }

    @Test
    void commandThatIsReadTwiceIsOneSpan() {
        traced.read(message(caller), request(COMMAND), NOW);
        traced.read(message(caller), request(COMMAND), NOW);
        assertThat(traces.names()).containsExactly("send", "process toy.input");
    }

    @Test
    void commandOfNoTraceIsNotRecorded() {
        traced.read(message(null), request(COMMAND), NOW);
        traced.deciding(COMMAND);
        traced.decided();
        traced.answered(COMMAND);
        assertThat(traces.names()).containsExactly("send");
    }

    @Test
    void headerIsIgnoredWhereTracesAreOff() {
        var off = of(Traces.NONE);
        off.read(message(caller), request(COMMAND), NOW);
        off.deciding(COMMAND);
        off.decided();
        assertThat(off.publishing(SHARD, facts(10), messages(1))).isEmpty();
    }

    @Test
    void commandsWithoutAnswersAreGivenUp() {
        for (int number = 0; number <= TracedCommands.MOST; number++) {
            traced.read(message(caller), request(new UUID(1, number)), NOW);
        }
        assertThat(traces.spans()).filteredOn(span -> span.ends == 1).hasSize(1);
        traced.tick(NOW + TracedCommands.LONGEST_MILLIS + 1);
        assertThat(traces.spans()).filteredOn(span -> span.ends == 1).hasSize(TracedCommands.MOST + 1);
    }

    @Test
    void nothingIsOpenAfterALoopBeganAnew() {
        traced.read(message(caller), request(COMMAND), NOW);
        traced.deciding(COMMAND);
        traced.forget();
        assertThat(traces.current()).isNull();
        assertThat(traces.spans().subList(1, 3)).allMatch(span -> span.ends == 1);
    }
}
