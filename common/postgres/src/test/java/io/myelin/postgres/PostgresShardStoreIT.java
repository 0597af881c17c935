package io.myelin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.engine.LogPosition;
import io.myelin.engine.UuidV7;
import io.myelin.engine.ownership.ShardRow;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.ShardStoreContract;
import io.myelin.engine.shard.StoredOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store on the real PostgreSQL: what every store promises, and what only a database can get wrong. */
class PostgresShardStoreIT extends ShardStoreContract<String, NoteTables.Noted> {
    private static final String NOTE = "SELECT obj_description(to_regnamespace('notes')::oid, 'pg_namespace')";

    private final AtomicLong clock = new AtomicLong(System.currentTimeMillis());
    private final UuidV7 ids = new UuidV7(clock::get, new AtomicLong()::incrementAndGet);
    private @Nullable NotesDatabase opened;
    private @Nullable PostgresShardStore<String, NoteTables.Noted> openedStore;
    private final List<PostgresShardStore<String, NoteTables.Noted>> others = new ArrayList<>();

    @BeforeEach
    void open() throws SQLException {
        opened = new NotesDatabase(4);
        ShardSetup.prepare(opened.schema, SHARDS);
        UUID me = opened.instance();
        openedStore = new PostgresShardStore<>(opened.schema, new NoteTables(), () -> me);
    }

    @AfterEach
    void close() {
        others.forEach(PostgresShardStore::close);
        store().close();
        notes().close();
    }

    @Override
    protected ShardStore<String, NoteTables.Noted> another() {
        UUID other = instance();
        var store = new PostgresShardStore<>(database(), new NoteTables(), () -> other);
        others.add(store);
        return store;
    }

    private UUID instance() {
        try {
            return notes().instance();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected NoteTables.Noted fact(String key, int value) {
        return new NoteTables.Noted(key, String.valueOf(value));
    }

    @Override
    protected String state(int value) {
        return String.valueOf(value);
    }

    @Override
    protected String untouched() {
        return "";
    }

    @Override
    protected String key(int shard, String name) {
        return name;
    }

    @Test
    void theDatabaseSyncsWhatItCommits() throws SQLException {
        assertThat(notes().text("SHOW fsync")).isEqualTo("on");
        assertThat(notes().text("SHOW synchronous_commit")).isEqualTo("on");
    }

    /** Holds for any number of readers at once, and however long their queries take. */
    @Test
    void readersThatHoldAllConnectionsKeepNoShardFromLoading() throws Exception {
        ShardRow row = claim(1);
        var readers = new CountDownLatch(4);
        var loaded = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                threads.execute(() -> database().read(_ -> {
                    readers.countDown();
                    return isReached(loaded);
                }));
            }
            assertThat(readers.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(store().load(row.shard(), List.of("a"))).isNotNull();
            assertThat(store().outbox(row.shard(), null, 1_000)).isEmpty();
            loaded.countDown();
        }
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void whatIsMigratedIsNotLookedThroughAgain() throws SQLException {
        String noted = notes().text(NOTE);
        notes().sql("DROP TABLE notes.flyway_schema_history");

        try (var again = new ServiceDatabase("notes", notes().login, 1)) {
            assertThat(again.schema()).isEqualTo("notes");
        }

        assertThat(notes().text(NOTE)).isEqualTo(noted);
        assertThat(notes().text("SELECT to_regclass('notes.flyway_schema_history')"))
                .isNull();
    }

    @Test
    void newMigrationsAreApplied() throws SQLException {
        notes().sql("DROP SCHEMA IF EXISTS growing CASCADE");
        try (Connection connection = database().connect("test")) {
            new Migrations("growing", List.of("db/ephemeral")).apply(connection, notes().login);
            new Migrations("growing", List.of("db/ephemeral", "db/migration/notes")).apply(connection, notes().login);
        }

        assertThat(notes().text("SELECT to_regclass('growing.note')")).isEqualTo("growing.note");
    }

    @Test
    void aPageOfTheLogEndsWhereItIsHeavy() {
        ShardRow row = claim(3);
        int large = PostgresShardStore.PAGE_BYTES / 4;
        List<NoteTables.Noted> notes = IntStream.range(0, 30)
                .mapToObj(i -> new NoteTables.Noted("k" + i, (i < 20 ? "x".repeat(large) : "small")))
                .toList();
        var done = new Batch.Done<>(ids.get(), null, ANSWER, 1, notes, List.<StoredOrder>of());
        assertThat(commit(row, 30, new LogPosition(UUID.randomUUID(), 1, 1), List.of(done)))
                .isEqualTo(new CommitOutcome.Committed());

        List<Integer> pages = new ArrayList<>();
        long upTo = 0;
        while (upTo < 30) {
            var page = store().replay(3, upTo, 200);
            assertThat(page.facts().getFirst().seq()).isEqualTo(upTo + 1);
            pages.add(page.facts().size());
            upTo = page.upTo();
        }
        assertThat(pages).containsExactly(4, 4, 4, 4, 4, 10);
    }

    @Test
    void keptAnswersExpire() throws Exception {
        ShardRow row = claim(1);
        var young = note("young");
        clock.addAndGet(-2 * 24 * 3_600_000L);
        UuidV7 earlier = new UuidV7(clock::get, new AtomicLong()::incrementAndGet);
        var old = new Batch.Done<>(
                earlier.get(), null, ANSWER, 2, List.of(new NoteTables.Noted("old", "x")), List.<StoredOrder>of());
        var order = new Batch.Done<>(
                earlier.get(),
                null,
                ANSWER,
                3,
                List.of(new NoteTables.Noted("order", "x")),
                List.<StoredOrder>of(),
                true);
        commit(row, 3, LogPosition.START, List.of(young, old, order));
        new Housekeeping(database()).deleteExpired(System.currentTimeMillis());
        assertThat(notes().text("SELECT string_agg(id::text, ',') FROM notes.command"))
                .isEqualTo(String.valueOf(young.id()));
        UUID kept = Objects.requireNonNull(order.id());
        assertThat(store().find(List.of(kept), Set.of()).byCommand()).containsOnlyKeys(kept);
    }

    @Test
    void anotherShardCountOrAnotherClusterIsNoticed() throws SQLException {
        assertThatThrownBy(() -> ShardSetup.prepare(database(), 8))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("set myelin.shards to 4");
        long before = store().committed(0).incarnation();
        notes().sql("UPDATE notes.origin SET system_identifier = 1");
        ShardSetup.prepare(database(), SHARDS);
        assertThat(store().committed(0).incarnation()).isGreaterThan(before);
    }

    private Batch.Done<NoteTables.Noted> note(String key) {
        return new Batch.Done<>(ids.get(), null, ANSWER, 1, List.of(new NoteTables.Noted(key, "x")), List.of());
    }

    private CommitOutcome commit(
            ShardRow row, long seq, LogPosition position, List<Batch.Done<NoteTables.Noted>> done) {
        return store().commit(new Batch<>(
                List.of(new Batch.OfShard<>(row.shard(), row.epoch(), seq, 0, position, done, List.of()))));
    }

    @Override
    protected PostgresShardStore<String, NoteTables.Noted> store() {
        if (openedStore == null) {
            throw new IllegalStateException("Not open");
        }
        return openedStore;
    }

    private ServiceDatabase database() {
        return notes().schema;
    }

    private NotesDatabase notes() {
        if (opened == null) {
            throw new IllegalStateException("Not open");
        }
        return opened;
    }
}
