package io.myelin.clientroomsend.receipt;

import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.web.MatrixException;

/** Sends commands to receipt-server. */
@FunctionalInterface
public interface ReceiptCommands {

    /**
     * Moves receipts, and waits until that is committed.
     *
     * @throws MatrixException if receipt-server refused the command; 429 if too many commands are waiting, 504 if no answer
     *     came until the deadline
     */
    void set(SetReceipts command);
}
