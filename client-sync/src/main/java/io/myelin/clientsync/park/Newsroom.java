package io.myelin.clientsync.park;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.clientsync.cache.Dispatcher.EndedSessions;
import io.myelin.clientsync.cache.News;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/** Who waits for news, by user. */
public final class Newsroom implements News {
    private static final int MOST_ENDED = 50_000;

    private record Device(UserId user, String id) {}

    private final ConcurrentMap<UserId, List<Waiting>> waiting = new ConcurrentHashMap<>();
    private final Executor executor;

    /** The numbers before which sessions began that ended just now: longer than it takes to let a request in. */
    private final Cache<Device, Long> ended = Caffeine.newBuilder()
            .maximumSize(MOST_ENDED)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    private volatile boolean closed;

    /** @param executor on which whoever is woken looks again */
    public Newsroom(Executor executor) {
        this.executor = executor;
    }

    Waiting open(Session session) {
        Waiting opened = new Waiting(session, executor);
        waiting.merge(session.user(), List.of(opened), (before, one) -> {
            List<Waiting> all = new ArrayList<>(before);
            all.addAll(one);
            return List.copyOf(all);
        });
        if (closed) {
            opened.end();
        }
        // It may have ended after the request was let in, and before anybody knew that it is here.
        if (isOver(session)) {
            opened.revoke();
        }
        return opened;
    }

    void close(Waiting ended) {
        waiting.computeIfPresent(ended.session().user(), (_, all) -> {
            List<Waiting> others = all.stream().filter(other -> other != ended).toList();
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

    /** The requests of sessions that are over end. */
    public void sessionsEnded(EndedSessions sessions) {
        ended.asMap().merge(new Device(sessions.user(), sessions.device()), sessions.before(), Math::max);
        waiting.getOrDefault(sessions.user(), List.of()).stream()
                .filter(one -> isOver(one.session()))
                .forEach(Waiting::revoke);
    }

    private boolean isOver(Session session) {
        Long before =
                session.device() == null ? null : ended.getIfPresent(new Device(session.user(), session.device()));
        return before != null && session.seq() < before;
    }

    /** Everybody answers at once, and nobody is parked any more. */
    public void close() {
        closed = true;
        waiting.values().forEach(all -> all.forEach(Waiting::end));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    public int size() {
        return waiting.values().stream().mapToInt(List::size).sum();
    }
}
