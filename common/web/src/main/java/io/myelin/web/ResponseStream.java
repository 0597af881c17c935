package io.myelin.web;

import io.myelin.web.StreamedJson.SendPermit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpOutputMessage;

/**
 * Sends an answer in the parts in which it is written. The data of a large answer stays in memory until the client has
 * read it, so a client that reads too slowly is cut off.
 */
final class ResponseStream implements AutoCloseable {
    /** How long sending a single part may take. */
    private static final Duration LONGEST_PART = Duration.ofSeconds(20);

    /** How long a client may take before its rate is checked. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private static final ScheduledThreadPoolExecutor WATCH = watch();

    private final StreamedJson streamed;
    private final HttpOutputMessage output;
    private final long leastBytesASecond;
    private final LongSupplier nanoTime;
    private long begin;
    private @Nullable SendPermit turn;
    private long sent;

    /**
     * @param leastBytesASecond the average rate at which a client must read, from the answer's turn on
     * @param nanoTime as {@link System#nanoTime}
     */
    ResponseStream(StreamedJson streamed, HttpOutputMessage output, long leastBytesASecond, LongSupplier nanoTime) {
        this.streamed = streamed;
        this.output = output;
        this.leastBytesASecond = leastBytesASecond;
        this.nanoTime = nanoTime;
    }

    private static ScheduledThreadPoolExecutor watch() {
        ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "slow-readers");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true);
        return watch;
    }

    void take(byte[] bytes, int length) {
        if (turn == null) {
            turn = streamed.turn();
            begin = nanoTime.getAsLong();
        }
        Thread writer = Thread.currentThread();
        ScheduledFuture<?> tooLong = WATCH.schedule(writer::interrupt, LONGEST_PART.toMillis(), TimeUnit.MILLISECONDS);
        try {
            output.getBody().write(bytes, 0, length);
            sent += length;
            refuseSlowReader();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!tooLong.cancel(false)) {
                // The interrupt came too late for this part, and must not stop anything else.
                Thread.interrupted();
            }
        }
    }

    private void refuseSlowReader() throws IOException {
        long nanos = nanoTime.getAsLong() - begin - GRACE.toNanos();
        if (nanos > 0 && sent < leastBytesASecond * (nanos / 1_000_000_000L)) {
            throw new IOException("The client reads less than " + leastBytesASecond + " bytes a second");
        }
    }

    /** Sends the last part, which mostly is the only one. */
    void end(byte[] rest) throws IOException {
        if (turn == null) {
            output.getHeaders().setContentLength(rest.length);
            output.getBody().write(rest);
        } else {
            take(rest, rest.length);
        }
    }

    @Override
    public void close() {
        if (turn != null) {
            turn.close();
        }
    }
}
