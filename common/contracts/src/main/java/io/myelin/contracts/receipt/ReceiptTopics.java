package io.myelin.contracts.receipt;

import io.myelin.contracts.Topic;

/** The topics of receipt-server. Partition = shard of the room. */
public final class ReceiptTopics {
    public static final Topic.Commands<ReceiptCommand> INPUT =
            new Topic.Commands<>("receipt.input", ReceiptCommand.class);

    public static final Topic.Facts<ReceiptFact> OUTPUT =
            new Topic.Facts<>("receipt.output", ReceiptFact.class, ReceiptContracts.QUERIES);

    private ReceiptTopics() {}
}
