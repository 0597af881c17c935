package io.myelin.postgres;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;
import static org.awaitility.Awaitility.await;

import io.myelin.engine.LogPosition;
import io.myelin.engine.ownership.ShardRow;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases while the database crashes or is replaced by another one, and when the number of shards may change. */
class InstanceLeaseIT {

    private static final int SHARDS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private @Nullable NotesDatabase opened;

    @BeforeEach
    void open() {
        opened = new NotesDatabase(2);
    }

    @AfterEach
    void close() {
        notes().close();
    }

    /** Changes the rows as a crash does: unlogged tables are empty, and a lease's last renewals may be lost. */
    private void crash(UUID owner) throws SQLException {
        notes().sql("TRUNCATE notes.server_life");
        notes().sql("UPDATE notes.instance SET lease_until = clock_timestamp() - interval '1 ms' WHERE id = '" + owner
                + "'");
    }

    @Test
    void nothingIsTakenOverForTwoSecondsAfterACrashOfTheDatabase() throws SQLException {
        ShardSetup.prepare(database(), SHARDS);
        UUID owner = notes().instance();
        UUID other = notes().instance();
        try (var owning = store(owner);
                var claiming = store(other)) {
            assertThat(owning.claims().look(Set.of(1)).claimed()).hasSize(1);
            crash(owner);

            assertThat(claiming.claims().look(Set.of(0, 1, 2, 3)).claimed()).isEmpty();
            await().atMost(PATIENCE)
                    .until(() -> !claiming.claims().look(Set.of(1)).claimed().isEmpty());

            assertThat(notes().text("SELECT clock_timestamp() - began >= interval '2 s' FROM notes.server_life"))
                    .isEqualTo("t");
        }
    }

    @Test
    void itsOwnShardsAreClaimedAgainRightAfterACrashOfTheDatabase() throws SQLException {
        ShardSetup.prepare(database(), SHARDS);
        UUID owner = notes().instance();
        try (var before = store(owner)) {
            assertThat(before.claims().look(Set.of(1)).claimed()).hasSize(1);
        }
        notes().sql("TRUNCATE notes.server_life");

        try (var after = store(owner)) {
            assertThat(after.claims().look(Set.of(0, 1)).claimed())
                    .extracting(ShardRow::shard)
                    .containsExactly(1);
        }
    }

    /** As after the promotion of a standby: the process has lost its lease, and relies on it no longer. */
    @Test
    void aProcessThatBeginsAnewClaimsItsFormerShardsAtOnceAndNoOthers() throws SQLException {
        ShardSetup.prepare(database(), SHARDS);
        UUID other = notes().instance();
        AtomicReference<UUID> id = new AtomicReference<>(notes().instance());
        try (var owning = store(other);
                var claiming = new PostgresShardStore<>(database(), new NoteTables(), id::get)) {
            assertThat(owning.claims().look(Set.of(0)).claimed()).hasSize(1);
            assertThat(claiming.claims().look(Set.of(1)).claimed()).hasSize(1);
            notes().sql("DELETE FROM notes.instance WHERE id IN ('" + id.get() + "', '" + other + "')");
            notes().sql("TRUNCATE notes.server_life");
            id.set(notes().instance());

            assertThat(claiming.claims().look(Set.of(0, 1, 2)).claimed())
                    .extracting(ShardRow::shard, ShardRow::attempts)
                    .containsExactly(tuple(1, 0));
        }
    }

    @Test
    void anotherDatabaseUnderALivingProcessEndsItsLeaseAndRaisesTheIncarnation() throws Exception {
        ShardSetup.prepare(database(), SHARDS);
        AtomicInteger lost = new AtomicInteger();
        try (InstanceLease lease = new InstanceLease(database(), SHARDS, "here");
                var store = new PostgresShardStore<>(database(), new NoteTables(), lease::id)) {
            lease.start(() -> true, lost::incrementAndGet, () -> {});
            UUID former = lease.id();
            ShardRow row = store.claims().look(Set.of(1)).claimed().getFirst();
            notes().sql("UPDATE notes.origin SET timeline = timeline - 1");
            notes().sql(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'myelin notes lease'");

            await().atMost(PATIENCE).until(() -> lost.get() == 1 && lease.holds());

            assertThat(lease.id()).isNotEqualTo(former);
            assertThat(notes().text("SELECT count(*) FROM notes.instance WHERE id = '" + former + "'"))
                    .isEqualTo("0");
            assertThat(store.committed(1).incarnation()).isGreaterThan(row.incarnation());
            assertThat(commit(store, row)).isEqualTo(new CommitOutcome.Fenced(Set.of(1)));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(store.claims().look(Set.of(1)).claimed())
                                    .singleElement()
                                    .extracting(ShardRow::incarnation, as(LONG))
                                    .isGreaterThan(row.incarnation()));
        }
    }

    @Test
    void aLoopThatConnectsToAnotherDatabaseCommitsNothingOfTheFormerOne() throws SQLException {
        ShardSetup.prepare(database(), SHARDS);
        try (var store = store(notes().instance())) {
            ShardRow row = store.claims().look(Set.of(1)).claimed().getFirst();
            notes().sql("UPDATE notes.origin SET system_identifier = 1");

            assertThat(commit(store, row)).isEqualTo(new CommitOutcome.Fenced(Set.of(1)));

            assertThat(store.committed(1).incarnation()).isGreaterThan(row.incarnation());
        }
    }

    /** Both copies of a base backup come to the same timeline, and know nothing of each other. */
    @Test
    void twoCopiesOfTheSameRowsGetDifferentIncarnations() throws Exception {
        ShardSetup.prepare(database(), SHARDS);
        long first = incarnationOfACopy();
        notes().sql("UPDATE notes.shard SET incarnation = 1");
        await().atMost(PATIENCE)
                .until(() ->
                        Long.parseLong(notes().text("SELECT extract(epoch FROM clock_timestamp())::bigint")) > first);

        assertThat(incarnationOfACopy()).isGreaterThan(first);
    }

    @Test
    void anIncarnationThatIsAheadOfTheClockIsRaisedToo() throws Exception {
        ShardSetup.prepare(database(), SHARDS);
        notes().sql("UPDATE notes.shard SET incarnation = 1000000000000 + id");

        assertThat(incarnationOfACopy()).isEqualTo(1000000000000L + SHARDS);
        assertThat(notes().text("SELECT count(DISTINCT incarnation) FROM notes.shard"))
                .isEqualTo("1");
    }

    private long incarnationOfACopy() throws SQLException {
        notes().sql("UPDATE notes.origin SET timeline = timeline - 1");
        try (var connection = database().connect("test")) {
            return Origin.incarnation(connection);
        }
    }

    @Test
    void whoeverElseRaisedTheIncarnationEndsTheLeaseToo() throws Exception {
        ShardSetup.prepare(database(), SHARDS);
        AtomicInteger lost = new AtomicInteger();
        try (InstanceLease lease = new InstanceLease(database(), SHARDS, "here")) {
            lease.start(() -> true, lost::incrementAndGet, () -> {});

            notes().sql("UPDATE notes.shard SET incarnation = incarnation + 1");

            await().atMost(PATIENCE).until(() -> lost.get() == 1 && lease.holds());
        }
    }

    @Test
    void noLeaseIsTakenOnAnotherNumberOfShards() throws SQLException {
        ShardSetup.prepare(database(), SHARDS);
        try (InstanceLease lease = new InstanceLease(database(), 2 * SHARDS, "here")) {
            assertThatThrownBy(() -> lease.start(() -> true, () -> {}, () -> {}))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("configured for 8 shards");
            assertThat(lease.holds()).isFalse();
        }
    }

    @Test
    void anotherNumberOfEphemeralShardsIsRefusedWhileAnInstanceLives() throws Exception {
        ShardSetup.prepare(database(), SHARDS, StoredStates.none());
        try (InstanceLease lease = new InstanceLease(database(), SHARDS, "http://there:1")) {
            lease.start(() -> true, () -> {}, () -> {});

            assertThatThrownBy(() -> ShardSetup.prepare(database(), 8, StoredStates.none()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("configured for 8")
                    .hasMessageContaining("have 4")
                    .hasMessageContaining("http://there:1")
                    .hasMessageContaining("myelin.ephemeral-shards");
            assertThat(notes().text("SELECT count(*) FROM notes.shard")).isEqualTo("4");
        }
        ShardSetup.prepare(database(), 8, StoredStates.none());
        assertThat(notes().text("SELECT count(*) FROM notes.shard")).isEqualTo("8");
    }

    @Test
    void anotherNumberOfEphemeralShardsWaitsForTheLeaseOfAnInstanceThatWasKilled() throws SQLException {
        ShardSetup.prepare(database(), SHARDS, StoredStates.none());
        notes().sql(
                        "INSERT INTO notes.instance VALUES (gen_random_uuid(), 'killed', clock_timestamp() + interval '1 s')");

        ShardSetup.prepare(database(), 8, StoredStates.none());

        assertThat(notes().text("SELECT count(*) FROM notes.shard")).isEqualTo("8");
        assertThat(notes().text("SELECT bool_and(lease_until < clock_timestamp()) FROM notes.instance"))
                .isEqualTo("t");
    }

    private static CommitOutcome commit(PostgresShardStore<String, NoteTables.Noted> store, ShardRow row) {
        return store.commit(new Batch<>(List.of(
                new Batch.OfShard<>(row.shard(), row.epoch(), row.seq(), 0, LogPosition.START, List.of(), List.of()))));
    }

    private PostgresShardStore<String, NoteTables.Noted> store(UUID instance) {
        return new PostgresShardStore<>(database(), new NoteTables(), () -> instance);
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
