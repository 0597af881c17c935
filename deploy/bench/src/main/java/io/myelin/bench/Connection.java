package io.myelin.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection, for one thread at a time: writes a request's bytes, waits for its answer. Connects when
 * first used, and again after the server or an error has closed it.
 */
final class Connection implements AutoCloseable {

    private final Endpoint endpoint;
    private final Deadlines deadlines;

    private volatile @Nullable Socket socket;
    private @Nullable ResponseReader reader;
    private boolean used;

    Connection(Endpoint endpoint, Deadlines deadlines) {
        this.endpoint = endpoint;
        this.deadlines = deadlines;
    }

    /** Connects now, so that the first exchange does not include the time for it. */
    void open() throws IOException {
        if (socket == null) {
            var connected = endpoint.connect();
            reader = new ResponseReader(connected.getInputStream());
            socket = connected;
            used = false;
        }
    }

    /**
     * Sends one request. Repeats it once if a kept-alive connection turns out to have been closed meanwhile.
     *
     * @throws SocketTimeoutException if the whole answer did not come within {@code timeoutMillis}
     */
    Answer exchange(byte[] request, long timeoutMillis) throws IOException {
        var keptAlive = socket != null && used;
        try {
            return exchangeOnce(request, timeoutMillis);
        } catch (ResponseReader.ClosedBeforeResponse closed) {
            if (keptAlive) {
                return exchangeOnce(request, timeoutMillis);
            }
            throw closed;
        }
    }

    private Answer exchangeOnce(byte[] request, long timeoutMillis) throws IOException {
        open();
        var connected = socket;
        var responses = reader;
        if (connected == null || responses == null) {
            throw new IOException("the connection was closed");
        }
        var deadline = deadlines.start(this, timeoutMillis);
        try {
            connected.getOutputStream().write(request);
            var answer = responses.read();
            used = true;
            if (!responses.reusable()) {
                close();
            }
            return answer;
        } catch (IOException failed) {
            close();
            if (deadline.passed()) {
                throw new SocketTimeoutException("no answer within " + timeoutMillis + " ms");
            }
            throw failed;
        } finally {
            deadline.met();
        }
    }

    /** Any thread may call this: it ends an exchange under way with an error. */
    @Override
    public void close() {
        var closing = socket;
        socket = null;
        if (closing != null) {
            try {
                closing.close();
            } catch (IOException alreadyGone) {
                // The connection is closed in any case.
            }
        }
    }
}
