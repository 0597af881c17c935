package io.myelin.receiptserver.storage;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.ShardQueries;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.CommittedRow;
import io.myelin.postgres.ServiceDatabase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The committed receipts. Each query reads from one snapshot. */
public final class StoredReceipts implements ReceiptQueries {
    private final int shardCount;
    private final ServiceDatabase database;
    private final ReceiptTables tables;
    private final ShardQueries<ReceiptFact> shards;

    /** @param shards answers what the engine knows: positions and replays */
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
        return database.read(jdbc -> {
            Committed asOf = CommittedRow.read(jdbc, shard);
            return new RoomReceipts(
                    shard, asOf.incarnation(), asOf.seq(), numbered(tables.receipts.in(jdbc, shard, room)));
        });
    }

    @Override
    public ReceiptsOfRooms receiptsInRooms(int shard, List<RoomId> rooms) {
        return database.read(jdbc -> {
            Committed asOf = CommittedRow.read(jdbc, shard);
            List<ReceiptTable.Row> found = tables.receipts.in(jdbc, shard, rooms, MOST_RECEIPTS + 1);
            Map<RoomId, List<NumberedReceipt>> byRoom = new HashMap<>();
            for (ReceiptTable.Row row : found) {
                byRoom.computeIfAbsent(row.fact().room(), _ -> new ArrayList<>())
                        .add(row.receipt());
            }
            // Of the last room that was found, and of those after it, there may be more.
            RoomId incomplete =
                    found.size() > MOST_RECEIPTS ? found.getLast().fact().room() : null;
            return new ReceiptsOfRooms(
                    asOf.incarnation(),
                    asOf.seq(),
                    rooms.stream()
                            .filter(room -> incomplete == null || room.compareTo(incomplete) < 0)
                            .map(room -> new ReceiptsOfRoom(room, byRoom.getOrDefault(room, List.of())))
                            .toList());
        });
    }

    @Override
    public List<NumberedReceipt> receiptsOf(RoomId room, UserId user) {
        int shard = shardOf(room);
        return database.read(jdbc -> numbered(tables.receipts.of(jdbc, shard, room, user)));
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
}
