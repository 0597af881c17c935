package io.myelin.contracts.receipt;

import io.myelin.contracts.Contract;

/** The contract that receipt-server offers to the other services. */
public final class ReceiptContracts {
    public static final Contract<ReceiptQueries> QUERIES =
            new Contract<>("receipt-server", "queries", ReceiptQueries.class, false);

    private ReceiptContracts() {}
}
