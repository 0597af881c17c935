package io.myelin.clientroomsend.receipt;

import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.web.MatrixException;

/** The way to receipt-server. */
@FunctionalInterface
public interface ReceiptCommands {

    /**
     * Has receipts moved, and waits until that is committed.
     *
     * @throws MatrixException what receipt-server refused them for; 429 if too many commands are under way, 504 if no
     *     answer came until the deadline
     */
    void set(SetReceipts command);
}
