package io.myelin.clientroomsend.kafka;

import io.myelin.clientroomsend.receipt.ReceiptCommands;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.receipt.ReceiptAnswer;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.web.MatrixException;

/** Publishes commands to {@code receipt.input}. */
public final class ReceiptPublisher implements ReceiptCommands {
    private final CommandClient commandClient;

    public ReceiptPublisher(CommandClient commandClient) {
        this.commandClient = commandClient;
    }

    @Override
    public void set(SetReceipts command) {
        byte[] answer = commandClient.ask(ReceiptTopics.INPUT.name(), command, null);
        switch (Cbor.decode(answer, ReceiptAnswer.class)) {
            case ReceiptAnswer.Done _ -> {}
            case ReceiptAnswer.Refused(var error) -> throw new MatrixException(error);
        }
    }
}
