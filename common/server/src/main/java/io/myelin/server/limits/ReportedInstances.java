package io.myelin.server.limits;

import io.myelin.contracts.account.LiveInstances;
import io.myelin.web.InstanceCount;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports every second that this instance lives, and knows how many instances of its service do. While nobody answers, the
 * last count holds. The largest count of the last seconds is used, since the first one after the counter has moved may lack
 * instances.
 */
public final class ReportedInstances implements InstanceCount, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportedInstances.class);
    private static final int COUNTS = (int) (LiveInstances.REMEMBERED_MILLIS / LiveInstances.REPORT_MILLIS);

    private final LiveInstances instances;
    private final String service;
    private final String name = UUID.randomUUID().toString();
    private final Deque<Integer> last = new ArrayDeque<>();
    private final Thread reporter = Thread.ofVirtual().name("instance-reports").unstarted(this::run);
    private volatile int living = 1;

    /** @param service the name of this process's service */
    public ReportedInstances(LiveInstances instances, String service) {
        this.instances = instances;
        this.service = service;
    }

    public void start() {
        reporter.start();
    }

    @Override
    public int living() {
        return living;
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            report();
            try {
                Thread.sleep(LiveInstances.REPORT_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    void report() {
        try {
            last.add(instances.report(LiveInstances.SHARD, service, name));
        } catch (RuntimeException e) { // Whatever it is, the last count holds.
            LOG.debug("Nobody counts the instances of {} now", service, e);
            return;
        }
        if (last.size() > COUNTS) {
            last.remove();
        }
        living = last.stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    @Override
    public void close() {
        reporter.interrupt();
    }
}
