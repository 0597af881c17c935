package io.myelin.receiptserver;

import io.myelin.receiptserver.config.ReceiptServerConfiguration;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Program;

/** receipt-server as a process of its own. Receipts: how far everybody has read. */
public final class ReceiptServerApplication {
    private ReceiptServerApplication() {}

    public static void main(String[] arguments) {
        ComponentProcess.main(Program.internal("receipt-server", ReceiptServerConfiguration.class), arguments);
    }
}
