package io.myelin.clientsync.park;

import io.myelin.clientsync.cache.News;
import io.myelin.contracts.account.AccountFact.DeviceRemoved;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/** Who waits for news, by user. */
public final class Newsroom implements News {
    private final ConcurrentMap<UserId, List<Waiting>> waiting = new ConcurrentHashMap<>();
    private final Executor executor;
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

    /** The requests of a device that is gone end. */
    public void deviceRemoved(DeviceRemoved removed) {
        waiting.getOrDefault(removed.user(), List.of()).stream()
                .filter(one -> removed.device().equals(one.session().device()))
                .forEach(Waiting::revoke);
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
