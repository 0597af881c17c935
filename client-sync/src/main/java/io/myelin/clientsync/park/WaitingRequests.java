package io.myelin.clientsync.park;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.clientsync.cache.Dispatcher.EndedSessions;
import io.myelin.clientsync.cache.UserWakeups;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** The requests that wait for news, by user. */
public final class WaitingRequests implements UserWakeups {
    private static final int MOST_ENDED = 50_000;
    private static final long RETRY_MILLIS = 5_000;
    private static final int BYTES_OF_ONE = 1_024;

    private record Device(UserId user, String id) {}

    private final ConcurrentMap<UserId, List<Waiting>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Executor executor;
    private final IntSupplier most;
    private final IntSupplier mostOfOneUser;

    /**
     * Devices whose sessions have ended just now: those that began before the number are over. They are kept for longer
     * than it takes to let a request in.
     */
    private final Cache<Device, Long> ended = Caffeine.newBuilder()
            .maximumSize(MOST_ENDED)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    private volatile boolean closed;

    /**
     * @param executor runs the requests that are woken and look again
     * @param most how many requests may wait; asked for each
     * @param mostOfOneUser how many requests of one user may wait; beyond, the one that has waited longest is answered
     */
    public WaitingRequests(Executor executor, IntSupplier most, IntSupplier mostOfOneUser) {
        this.executor = executor;
        this.most = most;
        this.mostOfOneUser = mostOfOneUser;
    }

    /**
     * @param filterBytes of the request's filter, which stays in memory with it: each KB counts as one more request
     * @throws MatrixException {@code M_LIMIT_EXCEEDED} if too many wait
     */
    Waiting open(Session session, int filterBytes) {
        if (size.incrementAndGet() > most.getAsInt()) {
            size.decrementAndGet();
            MatrixError error = new MatrixError(429, "M_LIMIT_EXCEEDED", "Too many requests wait for news here.");
            throw MatrixException.with(error, "retry_after_ms", RETRY_MILLIS);
        }
        Waiting opened = new Waiting(session, 1 + filterBytes / BYTES_OF_ONE, executor);
        List<Waiting> theirs = Objects.requireNonNull(waiting.merge(
                session.user(),
                List.of(opened),
                (before, one) -> Stream.concat(before.stream(), one.stream()).toList()));
        endOldest(theirs);
        if (closed) {
            opened.end();
        }
        // The session may have ended after the request was let in, and before it was registered here.
        if (isOver(session)) {
            opened.revoke();
        }
        return opened;
    }

    private void endOldest(List<Waiting> theirs) {
        int mostOfThem = mostOfOneUser.getAsInt();
        int count = theirs.stream().mapToInt(Waiting::count).sum();
        for (Waiting one : theirs.subList(0, theirs.size() - 1)) {
            if (count <= mostOfThem) {
                return;
            }
            count -= one.count();
            one.end();
        }
    }

    void close(Waiting ended) {
        waiting.computeIfPresent(ended.session().user(), (_, all) -> {
            List<Waiting> others = all.stream().filter(other -> other != ended).toList();
            if (others.size() < all.size()) {
                size.decrementAndGet();
            }
            return others.isEmpty() ? null : others;
        });
    }

    @Override
    public void of(UserId user) {
        List<Waiting> theirs = waiting.get(user);
        if (theirs != null) {
            theirs.forEach(Waiting::wake);
        }
    }

    @Override
    public void of(UserId user, String device) {
        List<Waiting> theirs = waiting.get(user);
        if (theirs != null) {
            for (Waiting one : theirs) {
                if (device.equals(one.session().device())) {
                    one.wake();
                }
            }
        }
    }

    /** Ends the requests of sessions that are over. */
    public void sessionsEnded(EndedSessions sessions) {
        ended.asMap().merge(new Device(sessions.user(), sessions.device()), sessions.before(), Math::max);
        waiting.getOrDefault(sessions.user(), List.of()).stream()
                .filter(one -> isOver(one.session()))
                .forEach(Waiting::revoke);
    }

    /** Ends all requests of a user with what there is until now. */
    public void endAllOf(UserId user) {
        waiting.getOrDefault(user, List.of()).forEach(Waiting::end);
    }

    private boolean isOver(Session session) {
        Long before =
                session.device() == null ? null : ended.getIfPresent(new Device(session.user(), session.device()));
        return before != null && session.seq() < before;
    }

    /** All requests are answered at once, and none is parked any more. */
    public void close() {
        closed = true;
        waiting.values().forEach(all -> all.forEach(Waiting::end));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    public int size() {
        return size.get();
    }
}
