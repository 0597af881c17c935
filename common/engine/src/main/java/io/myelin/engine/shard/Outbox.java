package io.myelin.engine.shard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A shard's orders to other shards: sent until they are answered, then deleted by a later batch. A limited number of bytes
 * of them is in memory. The others are read from their rows, page by page, when there is room again: after answers, and
 * when orders that have long gone unanswered are left to their rows.
 */
final class Outbox {

    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    /** The bytes that an order takes in memory besides its command. */
    static final int ORDER_BYTES = 400;
    /** How many orders that are left to their rows are known by their ids, so that their answers count. */
    private static final int MOST_LEFT = 4_000;

    private static final class Pending {
        final StoredOrder order;
        long pause;
        long sendAt;

        Pending(StoredOrder order, long sendAt, long pause) {
            this.order = order;
            this.sendAt = sendAt;
            this.pause = pause;
        }

        long bytes() {
            return ORDER_BYTES + order.order().command().length;
        }
    }

    private final Effects<?> effects;
    private final long pauseMillis;
    private final long most;
    private final Map<UUID, Pending> pending = new LinkedHashMap<>();
    private final Set<UUID> settled = new HashSet<>();
    private final Set<UUID> left = new HashSet<>();
    private long settledSince = Long.MAX_VALUE;
    private long bytes;
    /** Whether rows may have orders that are not in memory. */
    private boolean hasMore = true;
    /** Whether an order has been left to its row since the rows were last read from the first on. */
    private boolean leftSome;
    /** The last order of the rows that was taken in or known; null before the first. */
    private @Nullable UUID readUpTo;

    private boolean reading;
    private long readAt;
    private long warnAt;

    /** @param most bytes of orders in memory, unless a single one has more */
    Outbox(Effects<?> effects, long pauseMillis, long most) {
        this.effects = effects;
        this.pauseMillis = pauseMillis;
        this.most = most;
    }

    /**
     * Adds a decision's committed orders. Each is sent at once, in this order. An order without room in memory is repeated
     * when there is room.
     */
    void add(List<StoredOrder> orders, long now) {
        for (StoredOrder order : orders) {
            if (!takeIn(order, now, false)) {
                hasMore = true;
                leave(order.id());
                effects.send(order);
            }
        }
    }

    private void leave(UUID order) {
        leftSome = true;
        if (left.size() < MOST_LEFT) {
            left.add(order);
        }
    }

    /** The next page of the rows, which is empty after the last one. */
    void found(List<StoredOrder> page, long now) {
        reading = false;
        if (page.isEmpty()) {
            hasMore = leftSome;
            readUpTo = null;
        }
        boolean first = true;
        for (StoredOrder order : page) {
            if (!takeIn(order, now, first)) {
                return;
            }
            first = false;
            readUpTo = order.id();
        }
    }

    /** Takes an order into memory and sends it. Returns false if there is no room now, unless it must be taken in. */
    private boolean takeIn(StoredOrder order, long now, boolean must) {
        if (settled.contains(order.id()) || pending.containsKey(order.id())) {
            return true;
        }
        Pending taken = new Pending(order, now + pauseMillis, pauseMillis);
        if (!must && bytes > 0 && bytes + taken.bytes() > most) {
            return false;
        }
        left.remove(order.id());
        bytes += taken.bytes();
        pending.put(order.id(), taken);
        effects.send(order);
        return true;
    }

    void readFailed(long at) {
        reading = false;
        readAt = at;
    }

    /** The target answered; returns false if the order is not in this outbox. */
    boolean settle(UUID id, long now) {
        Pending answered = pending.remove(id);
        if (answered == null && !left.remove(id)) {
            return false;
        }
        bytes -= answered == null ? 0 : answered.bytes();
        settled.add(id);
        settledSince = Math.min(settledSince, now);
        return true;
    }

    List<UUID> settled() {
        return new ArrayList<>(settled);
    }

    boolean settledBefore(long time) {
        return settledSince <= time;
    }

    /** The rows of these orders are gone. */
    void deleted(List<UUID> ids) {
        ids.forEach(settled::remove);
        settledSince = Long.MAX_VALUE;
    }

    void tick(int shard, long epoch, long now) {
        if (hasMore && !reading && bytes <= most / 2 && now >= readAt) {
            reading = true;
            if (readUpTo == null) {
                leftSome = false;
            }
            effects.readOutbox(shard, epoch, readUpTo, most);
        }
        int overdue = 0;
        for (Iterator<Pending> all = pending.values().iterator(); all.hasNext(); ) {
            Pending each = all.next();
            if (now >= each.sendAt) {
                if (each.pause == LONGEST_PAUSE_MILLIS && hasMore) {
                    all.remove();
                    bytes -= each.bytes();
                    leave(each.order.id());
                    continue;
                }
                each.pause = Math.min(each.pause * 2, LONGEST_PAUSE_MILLIS);
                each.sendAt = now + each.pause;
                effects.send(each.order);
            }
            if (each.pause == LONGEST_PAUSE_MILLIS) {
                overdue++;
            }
        }
        if (overdue > 0 && now >= warnAt) {
            warnAt = now + LONGEST_PAUSE_MILLIS;
            effects.warn(
                    "Shard " + shard + " repeats " + overdue + " orders that other shards have not carried out yet");
        }
    }
}
