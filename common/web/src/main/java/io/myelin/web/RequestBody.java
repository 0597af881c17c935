package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * The body of one request. It must arrive at the required pace, and is read into the memory that all requests share.
 * {@link MatrixFilter} creates one for each request and closes it with the answer.
 */
public final class RequestBody implements AutoCloseable {
    private static final String ATTRIBUTE = RequestBody.class.getName();
    private static final int BUFFER = 8 << 10;
    private static final Duration LINGERING = Duration.ofMillis(500);

    private final HttpServletRequest request;
    private final RequestMemory.Share memory;
    private final BodyPace pace;
    private final Runnable whenRead;

    /**
     * @param memory the share of this request
     * @param whenRead runs when the whole body has been read, which is before the answer
     */
    RequestBody(HttpServletRequest request, RequestMemory.Share memory, BodyPace pace, Runnable whenRead) {
        this.request = request;
        this.memory = memory;
        this.pace = pace;
        this.whenRead = whenRead;
        request.setAttribute(ATTRIBUTE, this);
    }

    static RequestBody of(HttpServletRequest request) {
        return (RequestBody) Objects.requireNonNull(request.getAttribute(ATTRIBUTE), "MatrixFilter saw no request");
    }

    /** Whether the request has a body, perhaps an empty one. */
    boolean exists() {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /** Whether the whole body has been read. */
    boolean isAtItsEnd() throws IOException {
        return !exists() || request.getInputStream().isFinished();
    }

    /**
     * The whole body of a request, which is about to be parsed as JSON.
     *
     * @param request the request as the controller gets it: a filter may have read the body before, and replaced it
     * @throws MatrixException 413 if it is larger than {@code maxBytes}, 408 if it comes too slowly, 429 if there is no
     *     memory for it
     */
    public static byte[] read(HttpServletRequest request, int maxBytes) throws IOException {
        return of(request).from(request, maxBytes);
    }

    private byte[] from(HttpServletRequest request, int maxBytes) throws IOException {
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        byte[] bytes = new byte[0];
        if (exists()) {
            byte[] buffer = new byte[BUFFER];
            int length = 0;
            try (var in = new PacedInput(request, pace)) {
                for (int piece = in.read(buffer); piece >= 0; piece = in.read(buffer)) {
                    if (length + piece > maxBytes) {
                        throw tooLarge(maxBytes);
                    }
                    memory.reserve(piece);
                    if (length + piece > bytes.length) {
                        bytes = Arrays.copyOf(bytes, Math.max(length + piece, Math.min(maxBytes, 2 * bytes.length)));
                    }
                    System.arraycopy(buffer, 0, bytes, length, piece);
                    length += piece;
                }
            }
            bytes = Arrays.copyOf(bytes, length);
            whenRead.run();
        }
        memory.reserve(RequestMemory.parsedBytes(bytes));
        return bytes;
    }

    /** Reads and drops the rest of the body, up to so many bytes. */
    void skip(long maxBytes) throws IOException {
        skip(maxBytes, pace);
    }

    /**
     * As {@link #skip}, before the connection is closed, so that a client that is still sending can read the answer.
     */
    void linger(long maxBytes) throws IOException {
        skip(maxBytes, new BodyPace(LINGERING, pace.bytesPerSecond()));
    }

    private void skip(long maxBytes, BodyPace pace) throws IOException {
        if (isAtItsEnd()) {
            return;
        }
        byte[] buffer = new byte[BUFFER];
        try (var in = new PacedInput(request, pace)) {
            int piece = 0;
            for (long left = maxBytes; left > 0 && piece >= 0; left -= piece) {
                piece = in.read(buffer);
            }
        }
    }

    private static MatrixException tooLarge(int maxBytes) {
        return new MatrixException(413, "M_TOO_LARGE", "The body is larger than " + maxBytes + " bytes.");
    }

    @Override
    public void close() {
        memory.release();
    }
}
