package io.myelin.server.sessions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.AccountQueries.SeenDevice;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.web.session.SessionObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Tells account-server from where devices are seen, for administrators and for the devices' owners. A device is reported
 * once in a while only, and what is not reported before this process dies is lost: the next request is seen again.
 */
final class SeenDevices implements SessionObserver, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SeenDevices.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** A device whose address stays the same is reported again after this time. */
    private static final Duration REPORTED = Duration.ofMinutes(2);

    private static final int REMEMBERED = 100_000;

    /** More devices than these are not reported this time. */
    private static final int WAITING = 10_000;

    private static final int AT_ONCE = 500;
    private static final int MAX_USER_AGENT = 300;

    private final AccountQueries accounts;
    private final Cache<Device, String> reported = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(REPORTED)
            .build();
    private final Map<Device, SeenDevice> waiting = new ConcurrentHashMap<>();
    private volatile boolean running;
    private final Thread thread = Thread.ofVirtual().name("seen-devices").unstarted(this::run);

    private record Device(UserId user, String device) {}

    SeenDevices(AccountQueries accounts) {
        this.accounts = accounts;
    }

    @Override
    public void seen(Session session, String ip, String userAgent) {
        String id = session.device();
        if (id == null) {
            return;
        }
        var device = new Device(session.user(), id);
        String agent = userAgent.length() > MAX_USER_AGENT ? userAgent.substring(0, MAX_USER_AGENT) : userAgent;
        String from = ip + " " + agent;
        if (!from.equals(reported.getIfPresent(device)) && waiting.size() < WAITING) {
            reported.put(device, from);
            waiting.put(
                    device,
                    new SeenDevice(session.user(), id, ip, agent.replace("\u0000", ""), System.currentTimeMillis()));
        }
    }

    private void run() {
        while (running) {
            try {
                Thread.sleep(EVERY);
                report();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.debug("account-server does not know which devices were seen: {}", e.getMessage());
            }
        }
    }

    private void report() {
        List<SeenDevice> some = new ArrayList<>();
        for (SeenDevice device : waiting.values()) {
            some.add(device);
            if (some.size() == AT_ONCE) {
                send(some);
                some = new ArrayList<>();
            }
        }
        if (!some.isEmpty()) {
            send(some);
        }
    }

    private void send(List<SeenDevice> some) {
        some.forEach(device -> waiting.remove(new Device(device.user(), device.device()), device));
        accounts.devicesSeen(some);
    }

    @Override
    public void start() {
        running = true;
        thread.start();
    }

    @Override
    public void stop() {
        running = false;
        thread.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
