package io.myelin.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Very many long polls without news. The latency is that of opening a connection and sending the request. The server's
 * memory is measured before the first long poll and while all are parked, its processor time while all are parked.
 */
final class IdleSyncs {

    private IdleSyncs() {}

    static Result run(ScenarioRun stage) throws IOException, InterruptedException {
        var polls = stage.users(10_000);
        ParkedSyncs.requireFiles(polls);
        var accounts = stage.register(Math.min(polls, stage.accounts(100)));
        Loads.populate(stage, accounts, Math.min(10, accounts.size()));
        var tokens = stage.prepare(accounts.size(), i -> accounts.get(i).sync());
        var meter = stage.meter();
        var memoryBefore = meter.memory();
        var tally = new Tally();
        try (var syncs = ParkedSyncs.park(stage, accounts, tokens, polls, "online", tally)) {
            var settlingSeconds = syncs.settle(meter);
            var heldSeconds = hold(stage, meter);
            var memoryParked = meter.memory();
            var further = new LinkedHashMap<String, Object>();
            further.put("parked", syncs.parked());
            further.put("answered_early", syncs.early());
            further.put("settling_seconds", settlingSeconds);
            further.put("memory_before_parking_bytes", memoryBefore);
            further.put("memory_parked_bytes", memoryParked);
            further.put("bytes_per_long_poll", (memoryParked - memoryBefore) / polls);
            return meter.result(tally, polls / syncs.parkingSeconds(), heldSeconds, further);
        }
    }

    /**
     * Measures the cost of presence: one user for each long poll, in rooms of a hundred, first offline, then online.
     * Clients with a parked long poll set their presence as often as clients that ask every 30 seconds.
     */
    static Result presence(ScenarioRun stage) throws IOException, InterruptedException {
        var users = stage.users(10_000);
        ParkedSyncs.requireFiles(users);
        var accounts = stage.register(users);
        Loads.populate(stage, accounts, Math.max(1, users / 100));
        accounts.forEach(Client::close); // each long poll is a connection, and open files are limited
        var meter = stage.meter();
        var further = new LinkedHashMap<String, Object>();
        Result result = null;
        for (var presence : new String[] {"offline", "online"}) {
            var tokens = stage.prepare(users, i -> {
                try (var account = accounts.get(i).again(stage.deadlines())) {
                    return account.sync();
                }
            });
            var tally = new Tally();
            try (var syncs = ParkedSyncs.park(stage, accounts, tokens, users, presence, tally)) {
                syncs.settle(meter);
                var before = meter.cpuSeconds();
                var heldSeconds = hold(stage, meter);
                further.put("cores_" + presence, (meter.cpuSeconds() - before) / heldSeconds);
                further.put("answered_early_" + presence, syncs.early());
                result = meter.result(tally, users / syncs.parkingSeconds(), heldSeconds, Map.copyOf(further));
            }
        }
        return Objects.requireNonNull(result);
    }

    private static double hold(ScenarioRun stage, ScenarioRun.Meter meter) throws InterruptedException {
        meter.start();
        var holding = System.nanoTime();
        TimeUnit.SECONDS.sleep(stage.seconds());
        var heldSeconds = (System.nanoTime() - holding) / 1e9;
        meter.stop();
        return heldSeconds;
    }
}
