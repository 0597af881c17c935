package io.myelin.accountserver.ownership;

import io.myelin.contracts.account.LiveInstances;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The instances that have reported to this process of late. */
public final class HeardInstances implements LiveInstances {
    /** More instances of one service are not told apart; their number only gets too small. */
    private static final int MOST = 1_000;

    private final InstantSource clock;
    private final Map<String, Map<String, Long>> lastReports = new ConcurrentHashMap<>();

    public HeardInstances(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public int report(int shard, String service, String instance) {
        long now = clock.millis();
        Map<String, Long> instances = lastReports.computeIfAbsent(service, _ -> new ConcurrentHashMap<>());
        instances.values().removeIf(last -> now - last > REMEMBERED_MILLIS);
        if (instances.size() < MOST) {
            instances.put(instance, now);
        }
        return Math.max(1, instances.size());
    }
}
