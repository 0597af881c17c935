package io.myelin.clientroomsend.delayed;

import io.myelin.clientroomsend.send.Events;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.contracts.account.DelayedEvents.Claimed;
import io.myelin.contracts.account.DelayedEvents.Due;
import io.myelin.contracts.account.LiveInstances;
import io.myelin.matrix.id.EventId;
import io.myelin.web.MatrixException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends delayed events when they are due. Every instance claims some; the events of one that dies are claimed by another
 * when its claims have ended. A failure that may pass (the server cannot, or the user sent too much) is tried again with
 * growing pauses; a refusal is final.
 */
public final class DueEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DueEvents.class);
    private static final int AT_ONCE = 50;
    private static final int MOST_IN_FLIGHT = 200;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    /** After so many attempts, about a week of them, an event that the server never could send is given up. */
    private static final int MOST_ATTEMPTS = 10_000;

    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;

    private final DelayedEvents kept;
    private final DelayedSending sending;
    private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
    private final Thread claimer = Thread.ofVirtual().name("delayed-events").unstarted(this::run);

    public DueEvents(DelayedEvents kept, Events events) {
        this.kept = kept;
        this.sending = new DelayedSending(events);
    }

    public void start() {
        claimer.start();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(claim());
            }
        } catch (InterruptedException e) {
            LOG.debug("No more delayed events are claimed");
        }
    }

    /** Claims and sends what is due; returns after how many milliseconds to look again. */
    private long claim() throws InterruptedException {
        Claimed claimed;
        try {
            claimed = kept.claimDue(AT_ONCE);
        } catch (RuntimeException e) { // Whatever it is, it is no reason to stop looking.
            LOG.debug("Delayed events cannot be claimed now", e);
            return LiveInstances.REPORT_MILLIS;
        }
        for (Due due : claimed.due()) {
            inFlight.acquire();
            Thread.ofVirtual().name("delayed-event").start(() -> {
                try {
                    settle(due);
                } finally {
                    inFlight.release();
                }
            });
        }
        return Math.max(10, claimed.waitMillis());
    }

    /** Sends one event and reports the outcome. If that cannot be reported, the claim ends by itself. */
    void settle(Due due) {
        String id = due.event().id();
        try {
            EventId sent = null;
            MatrixError error = null;
            try {
                sent = sending.send(due);
            } catch (MatrixException e) {
                error = error(e);
            } catch (RuntimeException e) {
                LOG.debug("A delayed event cannot be sent now", e);
                error = new MatrixError(SERVER_ERROR, "M_UNKNOWN", "The server could not send this event.");
            }
            if (sent == null && mayPass(error) && due.claim() < MOST_ATTEMPTS) {
                kept.release(id, due.claim(), pause(due.claim()));
            } else {
                kept.finish(id, due.claim(), sent, error);
            }
        } catch (RuntimeException e) {
            LOG.debug("What became of a delayed event cannot be kept now; it will be claimed again", e);
        }
    }

    private static boolean mayPass(@Nullable MatrixError error) {
        return error != null && (error.status() >= SERVER_ERROR || error.status() == TOO_MANY);
    }

    private static long pause(int attempts) {
        return Math.min(LONGEST_PAUSE_MILLIS, 250L << Math.min(attempts, 10));
    }

    static MatrixError error(MatrixException e) {
        return new MatrixError(
                e.status(),
                e.body().string("errcode").orElse("M_UNKNOWN"),
                e.body().string("error").orElse("The event was refused."));
    }

    @Override
    public void close() {
        claimer.interrupt();
    }
}
