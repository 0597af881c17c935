package io.myelin.clientsync.park;

import io.myelin.clientsync.activity.Activities;
import io.myelin.clientsync.sync.SyncAnswer;
import io.myelin.clientsync.sync.SyncAnswer.DeviceListNews;
import io.myelin.clientsync.sync.SyncRequest;
import io.myelin.clientsync.sync.Syncs;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request at once if there is anything to tell, else parks it until there is or its time is over. A device is told its own
 * event a moment after it was sent, when the answer to sending it has most likely arrived: matrix-js-sdk takes a reply that begins a
 * thread for one that has failed if it hears of it by {@code /sync} first.
 */
public final class LongPolls implements AutoCloseable {
    /** How old an event is at least when its own device is told of it. */
    private static final int ECHO_MILLIS = 60;

    private final Syncs syncs;
    private final WaitingRequests waitingRequests;
    private final Activities activities;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor timer;

    public LongPolls(Syncs syncs, WaitingRequests waitingRequests, Activities activities, Clock clock) {
        this.clock = clock;
        this.syncs = syncs;
        this.waitingRequests = waitingRequests;
        this.activities = activities;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sync-timeouts");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        // A request that comes while the process stops is answered at once, so its time is never over.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        timer.scheduleWithFixedDelay(activities::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** Makes the {@link Reply} to a request that is parked. It is given what to run when the client has gone. */
    public interface Parking extends Function<Runnable, Reply> {}

    /** The answer; empty if the request was parked. Then the answer goes to the reply that {@code parking} makes. */
    public Optional<StreamedJson> answer(SyncRequest request, Parking parking) {
        Runnable activityEnds = activities.began(request.session(), request.presence());
        if (!request.mayPark()) {
            try {
                return Optional.of(syncs.fresh(request, () -> {}).content());
            } finally {
                activityEnds.run();
            }
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.timeoutMillis());
        Waiting waiting =
                waitingRequests.open(request.session(), request.filter().bytes());
        boolean parked = false;
        try {
            SyncAnswer answer = syncs.fresh(request, waiting::wake);
            if (waiting.isRevoked()) {
                throw sessionIsOver();
            }
            if (answer.news() && held(answer) <= 0) {
                return Optional.of(answer.content());
            }
            Parked poll = new Parked(request, waiting, activityEnds, deadline);
            poll.reply = parking.apply(poll::abandon);
            parked = true;
            poll.parkOrAnswer(answer);
            return Optional.empty();
        } finally {
            if (!parked) {
                waitingRequests.close(waiting);
                activityEnds.run();
            }
        }
    }

    /** The token of everything that is committed now. */
    public SyncToken now(SyncRequest request) {
        return syncs.fresh(request, () -> {}).next();
    }

    /** Whose devices have changed since a token, and who shares no room with the user any more. */
    public DeviceListNews deviceLists(SyncRequest request) {
        syncs.awaitDeviceLists();
        return syncs.fresh(request, () -> {}).deviceLists();
    }

    /** How many milliseconds an answer waits because its device has just sent what it tells. */
    private long held(SyncAnswer answer) {
        return Math.min(answer.echo() + ECHO_MILLIS - clock.millis(), ECHO_MILLIS);
    }

    private static MatrixException sessionIsOver() {
        return new MatrixException(401, "M_UNKNOWN_TOKEN", "The session of this access token has ended.");
    }

    private final class Parked {
        private final SyncRequest request;
        private final Waiting waiting;
        private final Runnable activityEnds;
        private final Future<?> timeout;
        private volatile @Nullable Reply reply;

        Parked(SyncRequest request, Waiting waiting, Runnable activityEnds, long deadline) {
            this.request = request;
            this.waiting = waiting;
            this.activityEnds = activityEnds;
            this.timeout = timer.schedule(waiting::end, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        void parkOrAnswer(SyncAnswer first) {
            SyncAnswer answer = first;
            try {
                while (!answer.news() && !waiting.isLast()) {
                    if (waiting.park(this::look)) {
                        return;
                    }
                    answer = syncs.again(request);
                }
            } catch (RuntimeException e) {
                finish(to -> to.fail(e));
                return;
            }
            StreamedJson content = answer.content();
            long held = waiting.isLast() ? 0 : held(answer);
            if (held > 0) {
                timer.schedule(() -> tell(content), held, TimeUnit.MILLISECONDS);
            } else {
                tell(content);
            }
        }

        private void tell(StreamedJson content) {
            if (waiting.isRevoked()) {
                finish(to -> to.fail(sessionIsOver()));
            } else {
                finish(to -> to.answer(content));
            }
        }

        private void look() {
            try {
                parkOrAnswer(syncs.again(request));
            } catch (RuntimeException e) {
                finish(to -> to.fail(e));
            }
        }

        private void finish(Consumer<Reply> with) {
            abandon();
            Reply to = reply;
            if (to != null) {
                with.accept(to);
            }
        }

        /** Ends the wait, because the request is answered or its client has gone. */
        void abandon() {
            timeout.cancel(false);
            waitingRequests.close(waiting);
            activityEnds.run();
        }
    }

    /** How many requests are parked, or look for news. */
    public int size() {
        return waitingRequests.size();
    }

    @Override
    public void close() {
        waitingRequests.close();
        timer.shutdown();
    }
}
