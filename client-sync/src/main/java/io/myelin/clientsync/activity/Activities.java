package io.myelin.clientsync.activity;

import io.myelin.clientsync.activity.SyncingDevice.Key;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.presence.PresenceInput.Syncing;
import io.myelin.contracts.presence.PresenceInput.SyncingEnded;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.matrix.id.UserId;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Publishes which devices are syncing: once when a device begins, then at most every 25 s while it goes on, and once
 * when it has not synced for 30 s or was logged out. One timer wheel holds all devices: each is in the slot of the
 * second in which it is checked next.
 */
public final class Activities {
    private static final long TELL_EVERY = 25_000;
    private static final long GONE_AFTER = 30_000;
    private static final long SLOT_MILLIS = 1_000;
    private static final int SLOTS = 64;

    private final ActivityPublisher publisher;
    private final Clock clock;
    private final ConcurrentMap<Key, SyncingDevice> devices = new ConcurrentHashMap<>();
    private final List<ConcurrentLinkedQueue<SyncingDevice>> wheel = Stream.generate(
                    ConcurrentLinkedQueue<SyncingDevice>::new)
            .limit(SLOTS)
            .toList();

    /** The next slot to be checked, as a count of slots since the epoch. */
    private long nextSlot;

    public Activities(ActivityPublisher publisher, Clock clock) {
        this.publisher = publisher;
        this.clock = clock;
        this.nextSlot = clock.millis() / SLOT_MILLIS;
    }

    /**
     * Notes that a request of a device begins.
     *
     * @param presence its {@code set_presence}; {@code OFFLINE} is never published, and ends the device's activity
     * @return what to run when the request ends; may be run more than once
     */
    public Runnable began(Session session, PresenceState presence) {
        String name = session.device();
        if (name == null) {
            return () -> {};
        }
        Key key = new Key(session.user(), name);
        if (presence == PresenceState.OFFLINE) {
            ended(key);
            return () -> {};
        }
        SyncingDevice device;
        do {
            device = devices.computeIfAbsent(key, _ -> new SyncingDevice(key, presence));
        } while (!begin(device, presence));
        return ending(device);
    }

    private boolean begin(SyncingDevice device, PresenceState presence) {
        synchronized (device) {
            if (device.gone) {
                return false;
            }
            long now = clock.millis();
            boolean first = device.toldAt == 0;
            device.open++;
            device.seenAt = now;
            if (first || device.presence != presence || now - device.toldAt >= TELL_EVERY) {
                device.presence = presence;
                tell(device, now);
            }
            if (first) {
                put(device, now + TELL_EVERY);
            }
            return true;
        }
    }

    private Runnable ending(SyncingDevice device) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                synchronized (device) {
                    device.open--;
                    device.seenAt = clock.millis();
                }
            }
        };
    }

    /** Ends the activity of a device that was logged out. */
    public void loggedOut(UserId user, String device) {
        ended(new Key(user, device));
    }

    private void ended(Key key) {
        SyncingDevice device = devices.remove(key);
        if (device != null) {
            synchronized (device) {
                end(device, clock.millis());
            }
        }
    }

    /** Checks the devices that are due; to be called about once a second. */
    public void tick() {
        long now = clock.millis();
        long until = now / SLOT_MILLIS;
        // After a long pause, one turn of the wheel is enough.
        nextSlot = Math.max(nextSlot, until - SLOTS + 1);
        for (; nextSlot <= until; nextSlot++) {
            ConcurrentLinkedQueue<SyncingDevice> slot = slot(nextSlot);
            for (int due = slot.size(); due > 0; due--) {
                SyncingDevice device = slot.poll();
                if (device != null) {
                    look(device, now);
                }
            }
        }
    }

    private void look(SyncingDevice device, long now) {
        synchronized (device) {
            if (device.gone) {
                return;
            }
            if (device.open == 0 && now - device.seenAt >= GONE_AFTER) {
                devices.remove(device.key, device);
                end(device, now);
                return;
            }
            if (device.open > 0 && now - device.toldAt >= TELL_EVERY) {
                tell(device, now);
            }
            put(device, device.open > 0 ? device.toldAt + TELL_EVERY : device.seenAt + GONE_AFTER);
        }
    }

    private void tell(SyncingDevice device, long now) {
        device.toldAt = now;
        publisher.publish(new Syncing(device.key.user(), device.key.device(), device.presence, now));
    }

    private void end(SyncingDevice device, long now) {
        if (!device.gone) {
            device.gone = true;
            publisher.publish(new SyncingEnded(device.key.user(), device.key.device(), now));
        }
    }

    /** Puts a device into the slot after a time, so that the time has passed when the slot is checked. */
    private void put(SyncingDevice device, long at) {
        slot(at / SLOT_MILLIS + 1).add(device);
    }

    private ConcurrentLinkedQueue<SyncingDevice> slot(long number) {
        return wheel.get((int) (number % SLOTS));
    }

    /** How many devices are syncing. */
    public int size() {
        return devices.size();
    }
}
