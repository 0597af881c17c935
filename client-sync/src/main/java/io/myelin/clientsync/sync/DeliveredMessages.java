package io.myelin.clientsync.sync;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.account.ToDeviceInboxes;
import io.myelin.matrix.id.UserId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has messages deleted that their devices have got, in the background. If that fails, the device's next request tries again,
 * so messages stay longer, and are never sent twice.
 */
public final class DeliveredMessages {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveredMessages.class);

    /** How many deletions are under way at once. */
    private static final int AT_ONCE = 16;

    /** How many devices may wait for theirs; those beyond try again with their next request. */
    private static final int MOST_WAITING = 10_000;

    private record Device(UserId user, String id) {}

    private final ToDeviceInboxes inboxes;
    private final Executor executor;
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final ConcurrentMap<Device, Long> underWay = new ConcurrentHashMap<>();

    /** What was deleted just now: the log may tell of it later, or, after a death of its owner, not at all. */
    private final Cache<Device, Long> dropped =
            Caffeine.newBuilder().maximumSize(MOST_WAITING).build();

    /** @param executor its tasks block */
    public DeliveredMessages(ToDeviceInboxes inboxes, Executor executor) {
        this.inboxes = inboxes;
        this.executor = executor;
    }

    /** A device has all messages up to a number. Returns at once. */
    void upTo(UserId user, String device, long number) {
        Device key = new Device(user, device);
        Long before = dropped.getIfPresent(key);
        if (before != null && before == number) {
            return;
        }
        if (underWay.size() < MOST_WAITING && underWay.putIfAbsent(key, number) == null) {
            executor.execute(() -> drop(key, number));
        }
    }

    private void drop(Device device, long number) {
        try {
            turns.acquire();
            try {
                inboxes.drop(device.user(), device.id(), number);
                dropped.put(device, number);
            } finally {
                turns.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug(
                    "Messages of {} that were delivered stay for now: {}",
                    device.user().value(),
                    e.getMessage());
        } finally {
            underWay.remove(device);
        }
    }
}
