package io.myelin.web;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.json.JsonObject;
import java.time.Duration;

/**
 * Ends a request with an answer other than success. It does not report a defect, so it has no stack trace and is not
 * logged. Client-server API, "Standard error response".
 */
public final class MatrixException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonObject body;
    private final boolean ofRate;

    public MatrixException(MatrixError error) {
        this(error.status(), bodyOf(error));
    }

    public MatrixException(int status, String errcode, String error) {
        this(new MatrixError(status, errcode, error));
    }

    /** An answer with a body of its own shape, such as the stages of an authentication. */
    public MatrixException(int status, JsonObject body) {
        this(status, body, false);
    }

    private MatrixException(int status, JsonObject body, boolean ofRate) {
        super(body.toString(), null, false, false);
        this.status = status;
        this.body = body;
        this.ofRate = ofRate;
    }

    /** The error with one more field in its body, such as {@code retry_after_ms}. */
    public static MatrixException with(MatrixError error, String name, long value) {
        return new MatrixException(error.status(), bodyOf(error).with(name, value));
    }

    /** 429 {@code M_LIMIT_EXCEEDED}. Client-server API, "Rate limiting". */
    public static MatrixException tooMany(String error, Duration retryAfter) {
        JsonObject body = bodyOf(new MatrixError(429, "M_LIMIT_EXCEEDED", error));
        return new MatrixException(429, body.with("retry_after_ms", retryAfter.toMillis()), true);
    }

    /** Whether whoever asked did too much; other answers with the same status say that the server has too much to do. */
    public boolean isOfRate() {
        return ofRate;
    }

    /** 403 {@code M_USER_SUSPENDED}. Client-server API, "Account suspension". */
    public static MatrixException suspended() {
        return new MatrixException(403, "M_USER_SUSPENDED", "This account is suspended: it cannot do this now.");
    }

    public int status() {
        return status;
    }

    public JsonObject body() {
        return body;
    }

    private static JsonObject bodyOf(MatrixError error) {
        return JsonObject.builder()
                .put("errcode", error.errcode())
                .put("error", error.error())
                .build();
    }
}
