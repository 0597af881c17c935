package io.myelin.receiptserver.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptsDropped;
import io.myelin.engine.Numbered;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.LogPosition;
import io.myelin.engine.shard.ShardRow;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.PostgresShardStore;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ShardSetup;
import io.myelin.receiptserver.receipt.UserReceipts;
import io.myelin.testing.TestEngines;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a batch of receipts leaves in the tables. */
class ReceiptTablesIT {

    private static final RoomId ROOM = RoomId.parse("!room:example.org");
    private static final UserId ALICE = UserId.parse("@alice:example.org");

    private final UUID me = UUID.randomUUID();
    private final ReceiptTables tables = new ReceiptTables();
    private DatabaseLogin login = new DatabaseLogin("", "", "");
    private @Nullable ServiceDatabase opened;
    private @Nullable PostgresShardStore<UserReceipts, ReceiptFact> openedStore;

    @BeforeEach
    void open() throws SQLException {
        var made = TestEngines.shared().freshDatabase("receipt_tables");
        login = new DatabaseLogin(made.url(), made.user(), made.password());
        ServiceDatabase database = new ServiceDatabase(ReceiptTables.SCHEMA, login, 2);
        opened = database;
        ShardSetup.prepare(database, 1);
        openedStore = new PostgresShardStore<>(database, tables, () -> me);
        try (Connection connection = DriverManager.getConnection(login.url(), login.user(), login.password())) {
            connection
                    .createStatement()
                    .execute("INSERT INTO receipt.instance VALUES ('" + me + "', 'here', now() + interval '1 hour')");
        }
    }

    @AfterEach
    void close() {
        store().close();
        database().close();
    }

    @Test
    void whatIsSetAfterADropInTheSameBatchStays() {
        ShardRow row = claim();
        commit(row, 1, moved("main", 5));

        commit(row, 2, new ReceiptsDropped(ROOM, ALICE), moved(null, 7));

        assertThat(stored()).containsExactly(moved(null, 7));
    }

    @Test
    void whatIsSetBeforeADropInTheSameBatchIsGone() {
        commit(claim(), 1, moved("main", 5), moved(null, 6), new ReceiptsDropped(ROOM, ALICE));

        assertThat(stored()).isEmpty();
    }

    @Test
    void aReceiptThatMovesLeavesNothingBehindInTheLog() throws SQLException {
        ShardRow row = claim();
        commit(row, 1, moved(null, 5), moved("main", 5));
        commit(row, 3, moved(null, 6));
        commit(row, 4, moved(null, 7));

        var page = store().replay(0, 0, 10);

        assertThat(page.facts())
                .containsExactly(new Numbered<>(2, moved("main", 5)), new Numbered<>(4, moved(null, 7)));
        assertThat(page.upTo()).isEqualTo(4);
        assertThat(store().replay(0, 0, 1).upTo()).isEqualTo(2);
        assertThat(logRows()).isZero();
    }

    private List<ReceiptFact> stored() {
        return database()
                .read(jdbc -> tables.receipts.in(jdbc, 0, ROOM).stream()
                        .map(ReceiptTable.Row::fact)
                        .map(ReceiptFact.class::cast)
                        .toList());
    }

    private int logRows() throws SQLException {
        try (Connection connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                ResultSet row = connection.createStatement().executeQuery("SELECT count(*) FROM receipt.log")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static ReceiptMoved moved(@Nullable String thread, long at) {
        return new ReceiptMoved(
                ROOM,
                new Receipt(ALICE, Receipt.PUBLIC, thread, new EventId("$" + at), new Position(0, 1, at), 1_000 + at));
    }

    private ShardRow claim() {
        return store().look(Set.of(0)).claimed().getFirst();
    }

    private void commit(ShardRow row, long firstSeq, ReceiptFact... facts) {
        var done = new Batch.Done<>(null, null, new byte[0], firstSeq, List.of(facts), List.of());
        var part = new Batch.OfShard<>(
                row.shard(), row.epoch(), firstSeq + facts.length - 1, 0, LogPosition.START, List.of(done), List.of());
        assertThat(store().commit(new Batch<>(List.of(part)))).isEqualTo(new CommitOutcome.Committed());
    }

    private PostgresShardStore<UserReceipts, ReceiptFact> store() {
        if (openedStore == null) {
            throw new IllegalStateException("Not open");
        }
        return openedStore;
    }

    private ServiceDatabase database() {
        if (opened == null) {
            throw new IllegalStateException("Not open");
        }
        return opened;
    }
}
