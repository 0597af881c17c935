package io.myelin.clientsync.web;

import io.myelin.clientsync.cache.TooHeavy;
import io.myelin.clientsync.filter.InvalidFilter;
import io.myelin.clientsync.token.InvalidToken;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import java.util.Objects;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The error responses for invalid tokens and filters, and for rooms that are too heavy. */
@RestControllerAdvice(basePackageClasses = ReaderErrors.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
public class ReaderErrors {

    /** The error is permanent: a retry is of no use until the room itself has become smaller. */
    @ExceptionHandler(TooHeavy.class)
    public ResponseEntity<byte[]> tooHeavy(TooHeavy reason) {
        return refusal(new MatrixException(
                413, "M_TOO_LARGE", Objects.requireNonNullElse(reason.getMessage(), "This is too large to be read.")));
    }

    @ExceptionHandler({InvalidToken.class, InvalidFilter.class})
    public ResponseEntity<byte[]> invalidParameter(RuntimeException reason) {
        MatrixException refusal = new MatrixException(
                400, "M_INVALID_PARAM", Objects.requireNonNullElse(reason.getMessage(), "A parameter is not valid."));
        return refusal(refusal);
    }

    private static ResponseEntity<byte[]> refusal(MatrixException refusal) {
        return ResponseEntity.status(refusal.status())
                .contentType(MediaType.APPLICATION_JSON)
                .body(JsonResponse.of(refusal.status(), refusal.body()).body());
    }
}
