package io.myelin.outbound;

import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;

/** Counts the open connections to all servers, both in use and kept for a further request. */
final class CountingConnector extends ClientConnector {
    private final AtomicInteger open = new AtomicInteger();

    int open() {
        return open.get();
    }

    @Override
    protected SelectorManager newSelectorManager() {
        return new ClientSelectorManager(getExecutor(), getScheduler(), getSelectors()) {
            @Override
            protected void endPointOpened(EndPoint endPoint) {
                open.incrementAndGet();
                super.endPointOpened(endPoint);
            }

            @Override
            protected void endPointClosed(EndPoint endPoint) {
                open.decrementAndGet();
                super.endPointClosed(endPoint);
            }
        };
    }
}
