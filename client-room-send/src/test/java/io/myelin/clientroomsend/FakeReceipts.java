package io.myelin.clientroomsend;

import io.myelin.clientroomsend.receipt.ReceiptCommands;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;

/** A fake receipt-server that records the commands. */
public final class FakeReceipts implements ReceiptCommands {
    private final List<SetReceipts> received = new ArrayList<>();
    private boolean refuses;

    public void reset() {
        received.clear();
        refuses = false;
    }

    public void refuse() {
        refuses = true;
    }

    @Override
    public void set(SetReceipts command) {
        if (refuses) {
            throw new MatrixException(MatrixError.forbidden("The receipts say no."));
        }
        received.add(command);
    }

    public List<SetReceipts> received() {
        return received;
    }

    /** The only receipt of the only command. */
    public Receipt only() {
        if (received.size() != 1 || received.getFirst().receipts().size() != 1) {
            throw new AssertionError("One receipt should have been set, but it was " + received);
        }
        return received.getFirst().receipts().getFirst();
    }
}
