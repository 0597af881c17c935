package io.myelin.clientroomsend.delayed;

import io.myelin.clientroomsend.send.Events;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.contracts.account.DelayedEvents.Claimed;
import io.myelin.contracts.account.DelayedEvents.Due;
import io.myelin.contracts.account.LiveInstances;
import io.myelin.matrix.id.EventId;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends delayed events when they are due, those of one room one after the other. Every instance claims some; the events of
 * one that dies are claimed by another when its claims have ended. A failure that may pass is tried again with growing
 * pauses; a refusal is final, also one because the user sent too much.
 */
public final class DueEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DueEvents.class);
    private static final int AT_ONCE = 50;
    private static final int MOST_IN_FLIGHT = 200;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    /** After so many attempts, about a week of them, an event that the server never could send is given up. */
    private static final int MOST_ATTEMPTS = 10_000;

    /** A claim lasts so much longer than a command. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;

    private final DelayedEvents kept;
    private final DelayedSending sending;
    private final long claimMillis;
    private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
    private final Thread claimer = Thread.ofVirtual().name("delayed-events").unstarted(this::run);

    /** @param commandDeadline how long a command lives */
    public DueEvents(DelayedEvents kept, Events events, Duration commandDeadline) {
        this.claimMillis = claimMillis(commandDeadline);
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

    /** How long a claim has to hold. */
    static long claimMillis(Duration commandDeadline) {
        return commandDeadline.plus(MARGIN).toMillis();
    }

    /** Claims no more than can be sent at once; returns after how many milliseconds to look again. */
    private long claim() throws InterruptedException {
        inFlight.acquire();
        int permits = 1;
        while (permits < AT_ONCE && inFlight.tryAcquire()) {
            permits++;
        }
        Claimed claimed = new Claimed(List.of(), LiveInstances.REPORT_MILLIS);
        try {
            claimed = kept.claimDue(permits, claimMillis);
        } catch (RuntimeException e) { // Whatever it is, it is no reason to stop looking.
            LOG.debug("Delayed events cannot be claimed now", e);
        } finally {
            inFlight.release(permits - claimed.due().size());
        }
        claimed.due().stream()
                .collect(Collectors.groupingBy(due -> due.event().room(), LinkedHashMap::new, Collectors.toList()))
                .values()
                .forEach(ofRoom ->
                        Thread.ofVirtual().name("delayed-events-of-room").start(() -> settle(ofRoom)));
        return Math.max(10, claimed.waitMillis());
    }

    /** Sends the events of one room. What has waited too long for those before it is left to its next claim. */
    private void settle(List<Due> ofRoom) {
        long claimedAt = System.nanoTime();
        for (Due due : ofRoom) {
            try {
                if (System.nanoTime() - claimedAt < MARGIN.toNanos() / 2) {
                    settle(due);
                } else {
                    kept.release(due.event().id(), due.claim(), 0);
                }
            } catch (RuntimeException e) {
                LOG.debug("What became of a delayed event cannot be kept now; it will be claimed again", e);
            } finally {
                inFlight.release();
            }
        }
    }

    /** Sends one event and reports the outcome. If that cannot be reported, the claim ends by itself. */
    void settle(Due due) {
        String id = due.event().id();
        EventId sent = null;
        MatrixError error = null;
        boolean mayPass = false;
        try {
            sent = sending.send(due);
        } catch (MatrixException e) {
            error = error(e);
            mayPass = e.status() >= SERVER_ERROR || (e.status() == TOO_MANY && !e.isOfRate());
        } catch (RuntimeException e) {
            LOG.debug("A delayed event cannot be sent now", e);
            error = new MatrixError(SERVER_ERROR, "M_UNKNOWN", "The server could not send this event.");
            mayPass = true;
        }
        if (mayPass && due.claim() < MOST_ATTEMPTS) {
            kept.release(id, due.claim(), pause(due.claim()));
        } else {
            kept.finish(id, due.claim(), sent, error);
        }
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
