package io.myelin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.ownership.ShardRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who owns which shard, on the real PostgreSQL. */
class ShardClaimsIT {

    private static final int SHARDS = 4;

    private UUID me = new UUID(0, 0);
    private @Nullable NotesDatabase opened;
    private @Nullable ShardClaims openedClaims;

    @BeforeEach
    void open() throws SQLException {
        opened = new NotesDatabase(4);
        ShardSetup.prepare(opened.schema, SHARDS);
        me = opened.instance();
        openedClaims = claims(me);
    }

    @AfterEach
    void close() {
        mine().close();
        notes().close();
    }

    @Test
    void aShardWhoseOwnerLivesIsNotClaimed() throws SQLException {
        claim(1);
        try (var another = claims(notes().instance())) {
            assertThat(another.look(Set.of(1)).claimed()).isEmpty();
            mine().close();
            await().atMost(Duration.ofSeconds(30)).until(() -> isNotConnected("myelin notes claims " + me));
            notes().sql("UPDATE notes.instance SET lease_until = now() - interval '1 s' WHERE id = '" + me + "'");
            assertThat(another.look(Set.of(1)).claimed())
                    .singleElement()
                    .satisfies(row -> assertThat(row.attempts()).isEqualTo(1));
        }
    }

    @Test
    void losingALeaseIsNotDying() throws SQLException {
        claim(1);
        try (var another = claims(notes().instance())) {
            notes().sql("UPDATE notes.instance SET lease_until = now() - interval '1 s' WHERE id = '" + me + "'");
            assertThat(another.look(Set.of(1)).claimed())
                    .singleElement()
                    .satisfies(row -> assertThat(row.attempts()).isZero());
        }
    }

    private boolean isNotConnected(String name) throws SQLException {
        return notes().text("SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + name + "'")
                .equals("0");
    }

    @Test
    void aloneItClaimsEverythingAtOnce() {
        OwnerScan look = mine().look(Set.of(0, 1, 2, 3));
        assertThat(look.claimed()).hasSize(SHARDS);
        assertThat(look.balance().unowned()).isZero();
        assertThat(look.balance().share()).isEqualTo(SHARDS);
    }

    @Test
    void oneOfTwoClaimsItsShareAndTheOtherTheRest() throws SQLException {
        try (var another = claims(notes().instance())) {
            assertThat(mine().look(Set.of(0, 1, 2, 3)).claimed()).hasSize(SHARDS / 2);
            OwnerScan look = another.look(Set.of(0, 1, 2, 3));
            assertThat(look.claimed()).hasSize(SHARDS / 2);
            assertThat(look.balance().unowned()).isZero();
        }
    }

    @Test
    void whoComesLaterMakesTheShareSmaller() throws SQLException {
        mine().look(Set.of(0, 1, 2, 3));
        try (var another = claims(notes().instance())) {
            assertThat(another.look(Set.of(0, 1, 2, 3)).claimed()).isEmpty();
            assertThat(mine().look(Set.of()).balance().share()).isEqualTo(SHARDS / 2);
        }
    }

    @Test
    void whatWasReleasedIsClaimedWithoutAnAttempt() throws SQLException {
        ShardRow row = claim(1);
        try (var another = claims(notes().instance())) {
            mine().release(1, row.epoch(), 7);
            assertThat(another.look(Set.of(1)).claimed()).singleElement().satisfies(claimed -> {
                assertThat(claimed.attempts()).isZero();
                assertThat(claimed.published()).isEqualTo(7);
                assertThat(claimed.epoch()).isEqualTo(row.epoch() + 1);
            });
        }
    }

    @Test
    void whoIsAboutToLeaveHasNoShare() throws SQLException {
        mine().look(Set.of(0, 1, 2, 3));
        try (var another = claims(notes().instance())) {
            mine().leave();
            assertThat(mine().look(Set.of()).balance().share()).isZero();
            assertThat(another.look(Set.of()).balance().share()).isEqualTo(SHARDS);
        }
    }

    @Test
    void ownLapsedLeaseIsStillThereUntilAnotherFindsIt() throws SQLException {
        claim(1);
        notes().sql("UPDATE notes.instance SET lease_until = now() - interval '1 s'");
        assertThat(mine().look(Set.of(2)).claimed())
                .singleElement()
                .satisfies(row -> assertThat(row.attempts()).isZero());
        try (var another = claims(notes().instance())) {
            assertThat(another.look(Set.of(1)).claimed()).hasSize(1);
            assertThatThrownBy(() -> mine().look(Set.of(1))).isInstanceOf(StoreUnavailable.class);
        }
    }

    @Test
    void whoHasNoLeaseClaimsNothing() throws SQLException {
        notes().sql("DELETE FROM notes.instance");
        assertThatThrownBy(() -> mine().look(Set.of(1))).isInstanceOf(StoreUnavailable.class);
        assertThat(notes().text("SELECT count(owner) FROM notes.shard")).isEqualTo("0");
    }

    @Test
    void instancesHearOfEachOther() throws Exception {
        Semaphore heard = new Semaphore(0);
        try (InstanceLease lease = new InstanceLease(notes().schema, SHARDS, "there");
                InstanceLease later = new InstanceLease(notes().schema, SHARDS, "elsewhere")) {
            lease.start(() -> true, () -> {}, heard::release);
            assertThat(heard.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            later.start(() -> true, () -> {}, () -> {});
            assertThat(heard.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            ShardRow row = claim(1);
            mine().release(1, row.epoch(), 0);
            assertThat(heard.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aHolderWhoStoppedInMidTransactionIsEnded() throws SQLException {
        claim(1);
        try (Connection stopped = notes().connect("myelin notes " + me)) {
            stopped.setAutoCommit(false);
            stopped.createStatement().execute("UPDATE notes.shard SET seq = 99 WHERE id = 1");
            await().atMost(Duration.ofSeconds(30))
                    .ignoreException(StoreUnavailable.class)
                    .until(() -> mine().look(Set.of(1)).claimed().size() == 1);
            assertThatThrownBy(stopped::commit).isInstanceOf(SQLException.class);
        }
        assertThat(notes().text("SELECT seq FROM notes.shard WHERE id = 1")).isEqualTo("0");
    }

    private ShardRow claim(int shard) {
        return mine().look(Set.of(shard)).claimed().getFirst();
    }

    private ShardClaims claims(UUID instance) {
        return new ShardClaims(notes().schema, () -> instance);
    }

    private ShardClaims mine() {
        if (openedClaims == null) {
            throw new IllegalStateException("Not open");
        }
        return openedClaims;
    }

    private NotesDatabase notes() {
        if (opened == null) {
            throw new IllegalStateException("Not open");
        }
        return opened;
    }
}
