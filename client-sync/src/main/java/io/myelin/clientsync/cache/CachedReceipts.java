package io.myelin.clientsync.cache;

import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.engine.Numbered;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The receipts of one room, immutable: of each user the newest of each type and thread.
 *
 * @param all by type and thread, then by user
 * @param recent the newest ones, oldest first; some have been replaced since by later ones of the same user
 * @param recentSince {@code recent} has all receipts after this number
 */
public record CachedReceipts(StateMap<NumberedReceipt> all, List<NumberedReceipt> recent, long recentSince) {
    private static final int RECENT = 64;

    /** What a receipt weighs on the heap, about. */
    static final int RECEIPT = 450;

    static CachedReceipts of(List<NumberedReceipt> receipts) {
        StateMap<NumberedReceipt> all = StateMap.empty();
        for (NumberedReceipt receipt : receipts) {
            all = all.with(kind(receipt.receipt()), receipt.receipt().user().value(), receipt);
        }
        List<NumberedReceipt> ordered = receipts.stream()
                .sorted(Comparator.comparingLong(NumberedReceipt::seq))
                .toList();
        int older = Math.max(0, ordered.size() - RECENT);
        long since = older == 0 ? 0 : ordered.get(older - 1).seq();
        return new CachedReceipts(all, List.copyOf(ordered.subList(older, ordered.size())), since);
    }

    private static String kind(Receipt receipt) {
        return receipt.thread() == null ? receipt.type() : receipt.type() + ' ' + receipt.thread();
    }

    CachedReceipts with(Numbered<ReceiptFact> next) {
        if (!(next.fact() instanceof ReceiptMoved moved)) {
            return this;
        }
        NumberedReceipt receipt = new NumberedReceipt(next.seq(), moved.receipt());
        List<NumberedReceipt> longer = new ArrayList<>(RECENT);
        boolean overflows = recent.size() >= RECENT;
        longer.addAll(overflows ? recent.subList(1, recent.size()) : recent);
        longer.add(receipt);
        return new CachedReceipts(
                all.with(kind(moved.receipt()), moved.receipt().user().value(), receipt),
                List.copyOf(longer),
                overflows ? recent.getFirst().seq() : recentSince);
    }

    /** The receipts that came after a number and have not been replaced since, in no order. */
    public List<NumberedReceipt> since(long seq) {
        if (seq >= recentSince) {
            return recent.stream()
                    .filter(receipt -> receipt.seq() > seq && stands(receipt))
                    .toList();
        }
        return all.values().filter(receipt -> receipt.seq() > seq).toList();
    }

    private boolean stands(NumberedReceipt receipt) {
        NumberedReceipt newest =
                all.get(kind(receipt.receipt()), receipt.receipt().user().value());
        return newest != null && newest.seq() == receipt.seq();
    }

    /** Bytes on the heap, about. */
    long weight() {
        return 400L + all.size() * (long) RECEIPT;
    }
}
