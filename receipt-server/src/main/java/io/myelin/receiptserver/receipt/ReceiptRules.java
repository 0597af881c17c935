package io.myelin.receiptserver.receipt;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.Optional;
import java.util.Set;

/**
 * The checks that hold for every receipt, whatever its room is like. The writer checks, by asking room-server, whether
 * a user may have a receipt at an event. Client-server API, "Receipts".
 */
final class ReceiptRules {
    private static final Set<String> TYPES = Set.of(Receipt.PUBLIC, Receipt.PRIVATE, Receipt.FULLY_READ);
    private static final String MAIN_TIMELINE = "main";

    private ReceiptRules() {}

    /** Why a command is refused; empty if it is not. */
    static Optional<MatrixError> problem(SetReceipts command) {
        if (RoomId.tryParse(command.room().value()).isEmpty()) {
            return Optional.of(MatrixError.invalidParam("That is no room ID."));
        }
        if (command.receipts().isEmpty()) {
            return Optional.of(MatrixError.invalidParam("There is no receipt to set."));
        }
        return command.receipts().stream()
                .flatMap(receipt -> problem(receipt).stream())
                .findFirst();
    }

    private static Optional<MatrixError> problem(Receipt receipt) {
        if (!TYPES.contains(receipt.type())) {
            return Optional.of(MatrixError.invalidParam("There is no such type of receipt."));
        }
        if (UserId.tryParse(receipt.user().value()).isEmpty()) {
            return Optional.of(MatrixError.invalidParam("That is no user ID."));
        }
        if (EventId.tryParse(receipt.event().value()).isEmpty()) {
            return Optional.of(MatrixError.invalidParam("That is no event ID."));
        }
        String thread = receipt.thread();
        if (thread == null) {
            return Optional.empty();
        }
        if (receipt.type().equals(Receipt.FULLY_READ)) {
            return Optional.of(MatrixError.invalidParam("A fully read marker has no thread."));
        }
        return thread.equals(MAIN_TIMELINE) || EventId.tryParse(thread).isPresent()
                ? Optional.empty()
                : Optional.of(MatrixError.invalidParam("A thread is 'main' or the event ID of its root."));
    }
}
