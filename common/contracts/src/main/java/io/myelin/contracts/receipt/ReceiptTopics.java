package io.myelin.contracts.receipt;

/** The topics of receipt-server. */
public final class ReceiptTopics {

    /** {@link ReceiptCommand}s; partition = shard of the room. */
    public static final String INPUT = "receipt.input";

    /** {@link ReceiptFact}s; partition = shard of the room. */
    public static final String OUTPUT = "receipt.output";

    private ReceiptTopics() {}
}
