package io.myelin.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.LogPosition;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.ownership.ShardRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link ShardStore} to the engines. A subclass for each implementation runs these tests on it.
 *
 * @param <S> the state of an entity of the test's service: what was written to it last
 * @param <F> a fact of that service, which overwrites one entity
 */
public abstract class ShardStoreContract<S, F> {
    /** How many shards the store has. */
    protected static final int SHARDS = 4;

    protected static final byte[] ANSWER = {1, 2, 3};
    private static final long MANY_BYTES = 1 << 20;

    private long ids;

    /** A store in which nothing was committed and no shard has an owner, for an instance that lives. */
    protected abstract ShardStore<S, F> store();

    /** The same store for another instance that lives. */
    protected abstract ShardStore<S, F> another();

    /** The fact that writes a value to an entity. */
    protected abstract F fact(String key, int value);

    /** The state of an entity that this value was written to. */
    protected abstract S state(int value);

    /** The state of an entity that was never written. */
    protected abstract S untouched();

    /** A key of an entity in a shard. */
    protected abstract String key(int shard, String name);

    @Test
    void commitsFactsAnswersOrdersAndPositionTogether() {
        ShardRow row = claim(2);
        UUID command = id();
        TransactionKey transaction = new TransactionKey(1, 2);
        StoredOrder order = order(3);
        LogPosition position = new LogPosition(new UUID(5, 6), 17, 5);
        Batch.Done<F> done = new Batch.Done<>(
                command, transaction, ANSWER, 1, List.of(fact(key(2, "a"), 1), fact(key(2, "b"), 2)), List.of(order));

        assertThat(commit(row, 2, 1, position, done)).isEqualTo(new CommitOutcome.Committed());

        assertThat(store().load(2, List.of(key(2, "a")))).isEqualTo(Map.of(key(2, "a"), state(1)));
        assertThat(store().committed(2).seq()).isEqualTo(2);
        assertThat(store().outbox(2, null, MANY_BYTES))
                .extracting(StoredOrder::id)
                .containsExactly(order.id());
        KeptAnswers kept = store().find(Set.of(command), Set.of(transaction));
        assertThat(kept.byCommand()).containsOnlyKeys(command);
        assertThat(kept.byCommand().get(command)).isEqualTo(ANSWER);
        assertThat(kept.byTransaction().get(transaction)).isEqualTo(ANSWER);
        assertThat(store().replay(2, 0, 10).facts())
                .containsExactly(new Numbered<>(1, fact(key(2, "a"), 1)), new Numbered<>(2, fact(key(2, "b"), 2)));
        assertThat(claim(2))
                .returns(position, ShardRow::position)
                .returns(2L, ShardRow::seq)
                .returns(1L, ShardRow::published);
    }

    @Test
    void commitsNothingOfABatchInWhichOneEpochIsOld() {
        ShardRow kept = claim(0);
        ShardRow old = claim(1);
        claim(1);

        CommitOutcome outcome = store()
                .commit(new Batch<>(List.of(
                        part(kept, 1, writes(1, key(0, "a"))), part(old, 1, writes(1, key(1, "b"))))));

        assertThat(outcome).isEqualTo(new CommitOutcome.Fenced(Set.of(1)));
        assertThat(store().load(0, List.of(key(0, "a")))).isEqualTo(Map.of(key(0, "a"), untouched()));
        assertThat(store().committed(0).seq()).isZero();
        assertThat(store().committed(1).seq()).isZero();
    }

    @Test
    void refusesACommandThatHasAnAnswer() {
        ShardRow row = claim(1);
        Batch.Done<F> once = writes(1, key(1, "a"));
        assertThat(commit(row, 1, once)).isEqualTo(new CommitOutcome.Committed());
        Batch.Done<F> again =
                new Batch.Done<>(once.id(), null, ANSWER, 2, List.of(fact(key(1, "a"), 9)), List.of(order(0)));

        assertIsConflict(commit(row, 2, again));

        assertThat(store().committed(1).seq()).isEqualTo(1);
        assertThat(store().outbox(1, null, MANY_BYTES)).isEmpty();
        assertThat(store().replay(1, 0, 10).facts()).hasSize(1);
    }

    @Test
    void refusesATransactionThatHasAnAnswer() {
        ShardRow row = claim(1);
        TransactionKey transaction = new TransactionKey(7, 8);
        commit(row, 1, new Batch.Done<>(id(), transaction, ANSWER, 1, List.of(fact(key(1, "a"), 1)), List.of()));

        assertIsConflict(commit(
                row, 2, new Batch.Done<>(id(), transaction, ANSWER, 2, List.of(fact(key(1, "a"), 2)), List.of())));

        assertThat(store().load(1, List.of(key(1, "a")))).isEqualTo(Map.of(key(1, "a"), state(1)));
    }

    private static void assertIsConflict(CommitOutcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CommitOutcome.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(CommitOutcome.Reason.DUPLICATE_KEY));
    }

    @Test
    void findsTheAnswerOfAnOrder() {
        UUID order = id();
        commit(
                claim(0),
                1,
                new Batch.Done<>(order, null, ANSWER, 1, List.of(fact(key(0, "a"), 1)), List.of(), true));

        assertThat(store().find(Set.of(order), Set.of()).byCommand()).containsOnlyKeys(order);
    }

    @Test
    void findsNothingOfWhatWasNeverDone() {
        KeptAnswers kept = store().find(Set.of(id()), Set.of(new TransactionKey(3, 4)));

        assertThat(kept.byCommand()).isEmpty();
        assertThat(kept.byTransaction()).isEmpty();
    }

    @Test
    void loadsEntitiesThatWereNeverWrittenToo() {
        commit(claim(3), 1, writes(1, key(3, "a")));

        assertThat(store().load(3, List.of(key(3, "a"), key(3, "b"))))
                .isEqualTo(Map.of(key(3, "a"), state(1), key(3, "b"), untouched()));
    }

    @Test
    void replaysTheLogInPagesOfTheLimit() {
        String[] keys = IntStream.range(0, 7).mapToObj(i -> key(2, "k" + i)).toArray(String[]::new);
        commit(claim(2), 7, writes(1, keys));

        List<Numbered<F>> facts = new ArrayList<>();
        ReplayPage<F> page = store().replay(2, 0, 3);
        while (page.upTo() < page.committed()) {
            assertThat(page.facts()).hasSizeBetween(1, 3);
            facts.addAll(page.facts());
            page = store().replay(2, page.upTo(), 3);
        }
        facts.addAll(page.facts());

        assertThat(facts).extracting(Numbered::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(page.committed()).isEqualTo(7);
        assertThat(page.incarnation()).isEqualTo(store().committed(2).incarnation());
    }

    @Test
    void replaysNothingAfterTheEnd() {
        commit(claim(2), 1, writes(1, key(2, "a")));

        ReplayPage<F> page = store().replay(2, 1, 10);

        assertThat(page.facts()).isEmpty();
        assertThat(page.upTo()).isEqualTo(1);
        assertThat(store().replay(3, 0, 10).upTo()).isZero();
    }

    @Test
    void givesTheOutboxInPagesByIdUntilOrdersAreAnswered() {
        ShardRow row = claim(0);
        List<StoredOrder> orders =
                IntStream.range(0, 5).mapToObj(this::order).toList();
        Batch.Done<F> done = new Batch.Done<>(id(), null, ANSWER, 1, List.of(fact(key(0, "a"), 1)), orders.reversed());
        commit(row, 1, done);

        List<StoredOrder> found = new ArrayList<>();
        List<StoredOrder> page = store().outbox(0, null, MANY_BYTES);
        while (!page.isEmpty()) {
            found.addAll(page);
            page = store().outbox(0, page.getLast().id(), MANY_BYTES);
        }
        assertThat(found).extracting(StoredOrder::id).isEqualTo(ids(orders));
        assertThat(store().outbox(0, null, 1)).extracting(StoredOrder::id).isEqualTo(ids(orders.subList(0, 1)));

        store().commit(new Batch<>(List.of(new Batch.OfShard<>(
                0, row.epoch(), 1, 0, LogPosition.START, List.of(), ids(orders.subList(0, 4))))));

        assertThat(store().outbox(0, null, MANY_BYTES))
                .extracting(StoredOrder::id)
                .isEqualTo(ids(orders.subList(4, 5)));
    }

    @Test
    void beginsANewEpochWithEachClaim() {
        ShardRow first = claim(1);
        ShardRow second = claim(1);

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(commit(second, 1, writes(1, key(1, "a")))).isEqualTo(new CommitOutcome.Committed());
    }

    @Test
    void givesAShardToAnotherOnlyAfterItsRelease() {
        ShardStore<S, F> another = another();
        ShardRow mine = claim(1);
        assertThat(another.claims().look(Set.of(1)).claimed()).isEmpty();

        store().claims().release(1, mine.epoch() - 1, 5);
        assertThat(another.claims().look(Set.of(1)).claimed()).isEmpty();

        store().claims().release(1, mine.epoch(), 5);
        ShardRow theirs = another.claims().look(Set.of(1)).claimed().getFirst();
        assertThat(theirs.published()).isEqualTo(5);
        assertThat(commit(mine, 1, writes(1, key(1, "a")))).isEqualTo(new CommitOutcome.Fenced(Set.of(1)));
    }

    /** Claims a shard for the store's instance, in a new epoch if it has the shard already. */
    protected final ShardRow claim(int shard) {
        return store().claims().look(Set.of(shard)).claimed().getFirst();
    }

    /** A command that writes its number and the next ones to entities. */
    private Batch.Done<F> writes(long firstSeq, String... keys) {
        List<F> facts = IntStream.range(0, keys.length)
                .mapToObj(i -> fact(keys[i], (int) firstSeq + i))
                .toList();
        return new Batch.Done<>(id(), null, ANSWER, firstSeq, facts, List.of());
    }

    private CommitOutcome commit(ShardRow row, long seq, Batch.Done<F> done) {
        return store().commit(new Batch<>(List.of(part(row, seq, done))));
    }

    private CommitOutcome commit(ShardRow row, long seq, long published, LogPosition position, Batch.Done<F> done) {
        return store().commit(new Batch<>(List.of(new Batch.OfShard<>(
                row.shard(), row.epoch(), seq, published, position, List.of(done), List.of()))));
    }

    private Batch.OfShard<F> part(ShardRow row, long seq, Batch.Done<F> done) {
        return new Batch.OfShard<>(row.shard(), row.epoch(), seq, 0, LogPosition.START, List.of(done), List.of());
    }

    private StoredOrder order(int partition) {
        return new StoredOrder(id(), new Order("elsewhere", partition, new byte[100]));
    }

    private static List<UUID> ids(List<StoredOrder> orders) {
        return orders.stream().map(StoredOrder::id).toList();
    }

    /** An id of a command or an order, above all before it; ids have the time of their making in front, as UUIDv7 has. */
    private UUID id() {
        return new UUID((System.currentTimeMillis() << 16) | 0x7000 | ++ids, 0x8000_0000_0000_0000L);
    }
}
