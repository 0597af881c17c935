package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of a request's body as long as they come fast enough. */
final class PacedInput implements AutoCloseable {
    private final InputStream in;
    private final BodyPace pace;
    private final long length;
    private final @Nullable EndPoint connection;
    private final long usualIdleTimeout;
    private boolean isWaiting;
    private final long begin = System.nanoTime();
    private long total;

    PacedInput(HttpServletRequest request, BodyPace pace) throws IOException {
        this.in = request.getInputStream();
        this.pace = pace;
        this.length = request.getContentLengthLong();
        this.connection = connection(request);
        this.usualIdleTimeout = connection == null ? 0 : connection.getIdleTimeout();
    }

    private static @Nullable EndPoint connection(HttpServletRequest request) {
        var jetty = ServletContextRequest.getServletContextRequest(request);
        return jetty == null
                ? null
                : jetty.getConnectionMetaData().getConnection().getEndPoint();
    }

    /**
     * As {@link InputStream#read(byte[])}.
     *
     * @throws MatrixException 408 if the body comes too slowly
     */
    int read(byte[] buffer) throws IOException {
        if (in.available() == 0 && (length < 0 || total < length)) {
            waitNoLongerThanForAPause();
        }
        try {
            int piece = in.read(buffer);
            total += Math.max(0, piece);
            if (piece >= 0 && pace.isTooSlow(total, System.nanoTime() - begin)) {
                throw tooSlow();
            }
            return piece;
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw tooSlow();
            }
            throw e;
        }
    }

    /**
     * Shortens the connection's idle time-out when the body has to be waited for. Most bodies have arrived before they
     * are read.
     */
    private void waitNoLongerThanForAPause() {
        if (connection != null && !isWaiting) {
            isWaiting = true;
            connection.setIdleTimeout(pace.grace().toMillis());
        }
    }

    private static MatrixException tooSlow() {
        return new MatrixException(408, "M_UNKNOWN", "The body of the request comes too slowly.");
    }

    @Override
    public void close() {
        if (connection != null && isWaiting) {
            connection.setIdleTimeout(usualIdleTimeout);
        }
    }
}
