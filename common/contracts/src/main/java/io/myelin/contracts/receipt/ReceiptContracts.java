package io.myelin.contracts.receipt;

import io.myelin.contracts.Contract;

/** What receipt-server has for the other services. */
public final class ReceiptContracts {
    public static final Contract<ReceiptQueries> QUERIES =
            new Contract<>("receipt-server", "queries", ReceiptQueries.class, false);

    private ReceiptContracts() {}
}
