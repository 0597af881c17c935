package io.myelin.engine.shard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A shard's orders to other shards: sent until they are answered, then deleted by a later batch. */
final class Outbox {

    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private static final class Pending {
        final StoredOrder order;
        long pause;
        long sendAt;

        Pending(StoredOrder order, long sendAt, long pause) {
            this.order = order;
            this.sendAt = sendAt;
            this.pause = pause;
        }
    }

    private final Effects<?> effects;
    private final long pauseMillis;
    private final Map<UUID, Pending> pending = new LinkedHashMap<>();
    private final Set<UUID> settled = new HashSet<>();
    private long settledSince = Long.MAX_VALUE;
    private boolean read;
    private boolean reading;
    private long readAt;
    private long warnAt;

    Outbox(Effects<?> effects, long pauseMillis) {
        this.effects = effects;
        this.pauseMillis = pauseMillis;
    }

    /** Orders that are committed: a decision's own, or what a new owner found. */
    void add(List<StoredOrder> orders, long now) {
        for (StoredOrder order : orders) {
            if (!settled.contains(order.id()) && !pending.containsKey(order.id())) {
                pending.put(order.id(), new Pending(order, now + pauseMillis, pauseMillis));
                effects.send(order);
            }
        }
    }

    void found(List<StoredOrder> orders, long now) {
        read = true;
        reading = false;
        add(orders, now);
    }

    void readFailed(long at) {
        reading = false;
        readAt = at;
    }

    /** The target answered; false if the order is not one of ours. */
    boolean settle(UUID id, long now) {
        if (pending.remove(id) == null) {
            return false;
        }
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
        if (!read && !reading && now >= readAt) {
            reading = true;
            effects.readOutbox(shard, epoch);
        }
        int overdue = 0;
        for (Pending each : pending.values()) {
            if (now >= each.sendAt) {
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
            effects.warn("Shard " + shard + " repeats " + overdue + " orders that other shards have not carried out yet");
        }
    }
}
