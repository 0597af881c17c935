package io.myelin.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Very many long polls with nothing to tell. The latency is that of opening a connection and handing the request over;
 * the server's memory is looked at before the first and while all are parked, its processor time while they are.
 */
final class IdleSyncs {

    private static final int FILES_FOR_THE_REST = 200;
    private static final int SETTLING_SECONDS = 90;
    private static final double QUIET_CPU_SECONDS = 0.3;

    private final Stage stage;
    private final AtomicLong parked = new AtomicLong();
    private final AtomicLong early = new AtomicLong();
    private volatile boolean stopped;

    private IdleSyncs(Stage stage) {
        this.stage = stage;
    }

    static Result run(Stage stage) throws IOException, InterruptedException {
        return new IdleSyncs(stage).measure();
    }

    private Result measure() throws IOException, InterruptedException {
        var polls = stage.users(10_000);
        if (polls + FILES_FOR_THE_REST > Processes.openFilesAllowed()) {
            throw new IOException(
                    "%,d long polls need as many open files, and ulimit -n allows %,d: raise it, or lower --users"
                            .formatted(polls, Processes.openFilesAllowed()));
        }
        var accounts = stage.register(Math.min(polls, stage.accounts(100)));
        Loads.populate(stage, accounts, Math.min(10, accounts.size()));
        var tokens = stage.prepare(accounts.size(), i -> accounts.get(i).sync());
        var heldMillis = 1000L * (stage.warmup() + SETTLING_SECONDS + stage.seconds()) + 600_000;
        var meter = stage.meter();
        var memoryBefore = meter.memory();

        stage.progress("parking " + polls + " long polls");
        var tally = new Tally();
        var clients = new ArrayList<Client>();
        var threads = new ArrayList<Thread>();
        var start = System.nanoTime();
        var requests = new ArrayList<byte[]>();
        for (var i = 0; i < accounts.size(); i++) {
            var path = "/sync?timeout=" + heldMillis + "&since=" + Request.encode(tokens.get(i));
            requests.add(accounts.get(i).get(path));
        }
        for (var i = 0; i < polls; i++) {
            var account = i % accounts.size();
            var client = accounts.get(account).again(stage.deadlines());
            clients.add(client);
            var begun = System.nanoTime();
            var sent = new CountDownLatch(1);
            threads.add(Thread.ofVirtual().start(() -> park(client, requests.get(account), heldMillis, sent, tally)));
            sent.await();
            synchronized (tally) {
                tally.latencies.record(System.nanoTime() - begun);
            }
        }
        var parkingSeconds = (System.nanoTime() - start) / 1e9;
        var settlingSeconds = settle(meter);
        meter.start();
        var holding = System.nanoTime();
        TimeUnit.SECONDS.sleep(stage.seconds());
        var heldSeconds = (System.nanoTime() - holding) / 1e9;
        meter.stop();
        var memoryParked = meter.memory();
        var stillParked = parked.get();
        stopped = true;
        clients.forEach(Client::close);
        for (var thread : threads) {
            thread.join();
        }

        var further = new LinkedHashMap<String, Object>();
        further.put("parked", stillParked);
        further.put("answered_early", early.get());
        further.put("settling_seconds", settlingSeconds);
        further.put("memory_before_parking_bytes", memoryBefore);
        further.put("memory_parked_bytes", memoryParked);
        further.put("bytes_per_long_poll", (memoryParked - memoryBefore) / polls);
        return meter.result(tally, polls / parkingSeconds, heldSeconds, further);
    }

    /** Waits the warm-up, and then until the server, as far as its work can be seen, has taken in every request. */
    private int settle(Stage.Meter meter) throws InterruptedException {
        TimeUnit.SECONDS.sleep(stage.warmup());
        for (var waited = stage.warmup(); waited < SETTLING_SECONDS; waited++) {
            var used = meter.cpuSeconds();
            TimeUnit.SECONDS.sleep(1);
            if (meter.cpuSeconds() - used < QUIET_CPU_SECONDS) {
                return waited;
            }
        }
        return SETTLING_SECONDS;
    }

    /** Asks, and asks again whenever the server answers before it has to. */
    private void park(Client client, byte[] request, long heldMillis, CountDownLatch sent, Tally tally) {
        try {
            client.open();
            parked.incrementAndGet();
            sent.countDown();
            while (!stopped) {
                var answer = client.exchange(request, heldMillis);
                early.incrementAndGet();
                if (answer.status() == 429) {
                    synchronized (tally) {
                        tally.limited++;
                    }
                } else if (!answer.ok()) {
                    throw new Client.Refused("a long poll", answer);
                }
                TimeUnit.MILLISECONDS.sleep(answer.status() == 429 ? answer.retryAfterMillis() : 1000);
            }
        } catch (IOException failed) {
            if (!stopped) {
                parked.decrementAndGet();
                synchronized (tally) {
                    tally.error(failed.toString());
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            sent.countDown();
        }
    }
}
