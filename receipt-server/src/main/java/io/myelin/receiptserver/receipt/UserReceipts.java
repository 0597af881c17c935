package io.myelin.receiptserver.receipt;

import io.myelin.contracts.receipt.Receipt;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The receipts of one user in one room: one of each type for each thread and one without a thread. They are independent
 * of each other: a reader that counts unread events decides whether the public or the private one counts.
 */
public record UserReceipts(Map<Marker, Receipt> receipts) {

    /** The receipts of a user who has read nothing. */
    public static final UserReceipts NONE = new UserReceipts(Map.of());

    /** A type and a thread, for which a user has one receipt in a room. */
    record Marker(String type, @Nullable String thread) {

        static Marker of(Receipt receipt) {
            return new Marker(receipt.type(), receipt.thread());
        }
    }

    public UserReceipts {
        receipts = Map.copyOf(receipts);
    }

    public static UserReceipts of(Collection<Receipt> receipts) {
        Map<Marker, Receipt> byMarker = HashMap.newHashMap(receipts.size());
        receipts.forEach(receipt -> byMarker.put(Marker.of(receipt), receipt));
        return new UserReceipts(byMarker);
    }

    /** Whether a receipt is further on than the one it would replace. */
    boolean movesWith(Receipt receipt) {
        return receipt.isBeyond(receipts.get(Marker.of(receipt)));
    }

    UserReceipts with(Receipt receipt) {
        Map<Marker, Receipt> changed = new HashMap<>(receipts);
        changed.put(Marker.of(receipt), receipt);
        return new UserReceipts(changed);
    }
}
