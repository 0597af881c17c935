package io.myelin.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which a request's headers take too long: Jetty itself waits as long as a byte comes now and
 * then. Checks all connections, five times within the time that headers may take.
 */
final class HeaderTime extends AbstractLifeCycle {
    private static final int LOOKS = 5;

    private final Server server;
    private final Duration most;
    private final Map<EndPoint, Begun> begun = new HashMap<>();
    private Scheduler.@Nullable Task next;

    /** @param requests how many requests came on the connection before, which tells this request from a later one */
    private record Begun(long requests, long since) {}

    HeaderTime(Server server, Duration most) {
        this.server = server;
        this.most = most;
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    protected synchronized void doStop() {
        if (next != null) {
            next.cancel();
        }
    }

    private synchronized void schedule() {
        next = server.getScheduler().schedule(this::look, most.toMillis() / LOOKS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!isStarting() && !isStarted()) {
            return;
        }
        Map<EndPoint, Begun> before = Map.copyOf(begun);
        begun.clear();
        long now = System.nanoTime();
        for (Connector connector : server.getConnectors()) {
            for (EndPoint endPoint : connector.getConnectedEndPoints()) {
                HttpConnection connection = http(endPoint.getConnection());
                if (connection != null
                        && connection.getParser().inHeaderState()
                        && !connection.getParser().isStart()) {
                    look(endPoint, connection.getMessagesIn(), before.get(endPoint), now);
                }
            }
        }
        schedule();
    }

    private void look(EndPoint endPoint, long requests, @Nullable Begun before, long now) {
        if (before == null || before.requests() != requests) {
            begun.put(endPoint, new Begun(requests, now));
        } else if (now - before.since() > most.toNanos()) {
            endPoint.close();
        } else {
            begun.put(endPoint, before);
        }
    }

    private static @Nullable HttpConnection http(@Nullable Connection connection) {
        return switch (connection) {
            case HttpConnection http -> http;
            case SslConnection tls -> http(tls.getSslEndPoint().getConnection());
            case null, default -> null;
        };
    }
}
