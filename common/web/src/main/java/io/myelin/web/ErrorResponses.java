package io.myelin.web;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Unavailable;
import io.myelin.engine.StoreUnavailable;
import io.myelin.matrix.id.InvalidIdentifier;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonNumber;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Answers every exception with a Matrix error. The server's own failures are logged, and answered with {@code
 * M_UNKNOWN} without any detail. Client-server API, "Standard error response".
 */
@RestControllerAdvice
public class ErrorResponses {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);

    /** The response; null if the client has closed the connection. */
    @ExceptionHandler
    public @Nullable ResponseEntity<byte[]> answer(Exception exception, HttpServletRequest request) {
        if (exception instanceof AsyncRequestNotUsableException) {
            return null;
        }
        MatrixException refusal = isHidden(exception, request) ? Errors.unrecognizedPath() : refusal(exception);
        var response = ResponseEntity.status(refusal.status()).contentType(MediaType.APPLICATION_JSON);
        if (refusal.body().get("retry_after_ms") instanceof JsonNumber(long millis)) {
            response.header(HttpHeaders.RETRY_AFTER, Long.toString((millis + 999) / 1000));
            // Without this, a page of another origin cannot read it.
            response.header(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, HttpHeaders.RETRY_AFTER);
        }
        if (refusal.status() == 408
                || isUnread(refusal, request)) { // The server does not wait for the rest of the body.
            response.header(HttpHeaders.CONNECTION, "close");
        }
        return response.body(JsonResponse.of(refusal.status(), refusal.body()).body());
    }

    private static boolean isUnread(MatrixException refusal, HttpServletRequest request) {
        try {
            return refusal.status() == 413 && !RequestBody.of(request).isAtItsEnd();
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether the error would reveal an internal path by saying that it lacks the method. */
    private static boolean isHidden(Exception exception, HttpServletRequest request) {
        return exception instanceof HttpRequestMethodNotSupportedException
                && request.getRequestURI().startsWith(InternalController.PATHS);
    }

    private static MatrixException refusal(Throwable exception) {
        return switch (exception) {
            case MatrixException e -> e;
            case InvalidJson e -> new MatrixException(of(e));
            case InvalidIdentifier e -> new MatrixException(MatrixError.invalidParam(message(e)));
            case Unavailable e -> unavailable(e);
            case StoreUnavailable e -> unavailable(e);
            case NoResourceFoundException _ -> Errors.unrecognizedPath();
            case NoHandlerFoundException _ -> Errors.unrecognizedPath();
            case HttpRequestMethodNotSupportedException _ -> Errors.unrecognizedMethod();
            case MissingServletRequestParameterException e ->
                new MatrixException(400, "M_MISSING_PARAM", "'" + e.getParameterName() + "' is missing.");
            case MethodArgumentTypeMismatchException e -> new MatrixException(MatrixError.invalidParam(mismatch(e)));
            case CompletionException e when e.getCause() != null -> refusal(e.getCause());
            case ExecutionException e when e.getCause() != null -> refusal(e.getCause());
            case ErrorResponse e
            when e.getStatusCode().is4xxClientError() ->
                new MatrixException(e.getStatusCode().value(), "M_UNKNOWN", "The request cannot be served.");
            case HttpException e when e.getCode() < 500 -> badRequest();
            case EOFException _ -> badRequest();
            case IOException e -> {
                LOG.debug("A request's body could not be read", e);
                yield badRequest();
            }
            default -> {
                LOG.error("A request failed by our own fault", exception);
                yield new MatrixException(500, "M_UNKNOWN", "The server made a mistake.");
            }
        };
    }

    private static MatrixException badRequest() {
        return new MatrixException(400, "M_UNKNOWN", "The request could not be read to its end.");
    }

    private static MatrixError of(InvalidJson e) {
        String errcode = switch (e.kind()) {
            case MALFORMED -> "M_NOT_JSON";
            case UNACCEPTABLE -> "M_BAD_JSON";
        };
        return new MatrixError(400, errcode, message(e));
    }

    private static MatrixException unavailable(RuntimeException e) {
        LOG.warn("A request cannot be served now: {}", e.getMessage());
        return new MatrixException(503, "M_UNKNOWN", "The server cannot do this now. Try again.");
    }

    private static String mismatch(MethodArgumentTypeMismatchException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidIdentifier invalid) {
                return message(invalid);
            }
        }
        return "'" + e.getName() + "' is not of the right type.";
    }

    private static String message(RuntimeException e) {
        return Objects.requireNonNullElse(e.getMessage(), "The request is not valid.");
    }
}
