package io.myelin.receiptserver.storage;

import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptsDropped;
import io.myelin.engine.Numbered;
import io.myelin.postgres.LogEntry;
import io.myelin.postgres.LogRow;
import io.myelin.postgres.ServiceTables;
import io.myelin.postgres.TableRows;
import io.myelin.receiptserver.receipt.ReaderKey;
import io.myelin.receiptserver.receipt.UserReceipts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of receipt-server; there is only one. */
public final class ReceiptTables implements ServiceTables<UserReceipts, ReceiptFact> {
    /** The service's schema. */
    public static final String SCHEMA = "receipt";

    private static final short MOVED = 1;

    final ReceiptTable receipts = new ReceiptTable();

    @Override
    public List<TableRows> rows() {
        return List.of(receipts.rows, receipts.dropped);
    }

    @Override
    public void write(int shard, Numbered<ReceiptFact> fact) {
        switch (fact.fact()) {
            case ReceiptMoved moved -> receipts.put(shard, fact.seq(), moved);
            case ReceiptsDropped dropped -> receipts.drop(shard, fact.seq(), dropped);
            case ReceiptFact.Unknown _ -> throw new IllegalArgumentException("Nobody decides an unknown fact");
        }
    }

    /**
     * There is no entry: a receipt's row has the number of its fact, and a replay does not tell of dropped receipts.
     */
    @Override
    public @Nullable LogEntry entry(ReceiptFact fact) {
        return null;
    }

    @Override
    public List<LogRow> log(JdbcClient jdbc, int shard, long after, int limit) {
        return receipts.standingAfter(jdbc, shard, after, limit).stream()
                .map(seq -> new LogRow(seq, MOVED, null))
                .toList();
    }

    @Override
    public UserReceipts load(JdbcClient jdbc, int shard, String key) {
        if (!ReaderKey.isSomebodys(key)) {
            return UserReceipts.NONE;
        }
        ReaderKey reader = ReaderKey.parse(key);
        return UserReceipts.of(receipts.of(jdbc, shard, reader.room(), reader.user()).stream()
                .map(row -> row.fact().receipt())
                .toList());
    }

    @Override
    public List<Numbered<ReceiptFact>> facts(JdbcClient jdbc, int shard, List<LogRow> rows) {
        List<Long> seqs = rows.stream().map(LogRow::seq).toList();
        return receipts.standing(jdbc, shard, seqs).stream()
                .map(row -> new Numbered<ReceiptFact>(row.seq(), row.fact()))
                .toList();
    }
}
