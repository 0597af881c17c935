package io.myelin.receiptserver.storage;

import io.myelin.contracts.Partitions;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.QueryInvariant;
import io.myelin.postgres.check.RowInvariants;
import java.util.List;

/** What holds in receipt-server's table after every commit. */
public final class ReceiptInvariants {

    private static final String READ_AGAIN = "Delete the row: the user's client sets the receipt again.";

    public static final List<Invariant> ALL = List.of(
            RowInvariants.keyIsOfItsShard("receipt", "room_id", Partitions::of),
            RowInvariants.numbersAreCommitted("receipt", "seq"),
            RowInvariants.numbersAreUnique("receipt", "seq"),
            new QueryInvariant("receipt-is-of-an-event", READ_AGAIN, """
                    SELECT format('shard %s, the receipt of %s in %s', shard, user_id, room_id) AS place,
                           CASE WHEN type NOT IN (1, 2, 3) THEN format('there is no type %s', type)
                                ELSE format('it is for event %s at number %s of shard %s',
                                            event_id, event_seq, event_shard) END AS what
                      FROM receipt
                     WHERE type NOT IN (1, 2, 3) OR event_seq < 1 OR event_shard < 0 OR event_id NOT LIKE '$%'"""));

    private ReceiptInvariants() {}
}
