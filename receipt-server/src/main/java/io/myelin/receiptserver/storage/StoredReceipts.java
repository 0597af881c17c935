package io.myelin.receiptserver.storage;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.ShardQueries;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What is committed, read from one snapshot each time. */
public final class StoredReceipts implements ReceiptQueries {
    private final int shardCount;
    private final ServiceDatabase database;
    private final ReceiptTables tables;
    private final ShardQueries<ReceiptFact> shards;

    /** @param shards what the engine knows */
    public StoredReceipts(
            int shardCount, ServiceDatabase database, ReceiptTables tables, ShardQueries<ReceiptFact> shards) {
        this.shardCount = shardCount;
        this.database = database;
        this.tables = tables;
        this.shards = shards;
    }

    @Override
    public RoomReceipts receiptsIn(RoomId room) {
        int shard = shardOf(room);
        return database.read(connection -> {
            Committed asOf = committed(connection, shard);
            return new RoomReceipts(
                    shard, asOf.incarnation(), asOf.seq(), numbered(tables.receipts.in(connection, shard, room)));
        });
    }

    @Override
    public List<NumberedReceipt> receiptsOf(RoomId room, UserId user) {
        int shard = shardOf(room);
        return database.read(connection -> numbered(tables.receipts.of(connection, shard, room, user)));
    }

    @Override
    public Committed committed(int shard) {
        return shards.committed(shard);
    }

    @Override
    public List<Committed> allCommitted(int count) {
        return shards.allCommitted(count);
    }

    @Override
    public ReplayPage<ReceiptFact> replay(int shard, long after, int limit) {
        return shards.replay(shard, after, limit);
    }

    private int shardOf(RoomId room) {
        return Partitions.of(room.value(), shardCount);
    }

    private static List<NumberedReceipt> numbered(List<ReceiptTable.Row> rows) {
        return rows.stream().map(ReceiptTable.Row::receipt).toList();
    }

    /** The engine's row of the shard, in the snapshot of what is told with it. */
    private static Committed committed(Connection connection, int shard) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT incarnation, seq FROM shard WHERE id = ?")) {
            statement.setInt(1, shard);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("There is no shard " + shard);
                }
                return new Committed(row.getLong(1), row.getLong(2));
            }
        }
    }
}
