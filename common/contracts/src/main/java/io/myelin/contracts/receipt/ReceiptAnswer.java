package io.myelin.contracts.receipt;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;

/** How receipt-server answers a command. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReceiptAnswer.Done.class, name = "done"),
    @JsonSubTypes.Type(value = ReceiptAnswer.Refused.class, name = "refused"),
})
public sealed interface ReceiptAnswer {

    /** The command is carried out, as of this position. */
    record Done(Position at) implements ReceiptAnswer {}

    record Refused(MatrixError error) implements ReceiptAnswer {}
}
