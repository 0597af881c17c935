package io.myelin.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Very many long polls without news, parked until this is closed. */
final class ParkedSyncs implements AutoCloseable {

    private static final int FILES_FOR_THE_REST = 200;
    private static final int SETTLING_SECONDS = 90;
    private static final double QUIET_CPU_SECONDS = 0.3;

    private final ScenarioRun stage;
    private final Tally tally;
    private final long heldMillis;
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong parked = new AtomicLong();
    private final AtomicLong early = new AtomicLong();
    private double parkingSeconds;
    private volatile boolean stopped;

    private ParkedSyncs(ScenarioRun stage, Tally tally) {
        this.stage = stage;
        this.tally = tally;
        heldMillis = 1000L * (stage.warmup() + SETTLING_SECONDS + stage.seconds()) + 600_000;
    }

    /** Fails if this process may not open enough files for so many long polls. */
    static void requireFiles(int polls) throws IOException {
        if (polls + FILES_FOR_THE_REST > Processes.openFilesAllowed()) {
            throw new IOException(
                    "%,d long polls need as many open files, and ulimit -n allows %,d: raise it, or lower --users"
                            .formatted(polls, Processes.openFilesAllowed()));
        }
    }

    /**
     * Parks one long poll after another. The tally records how long opening each connection took.
     *
     * @param accounts the accounts, which are used in turn
     * @param tokens the accounts' sync tokens, after which there is nothing new
     * @param presence the presence that the clients set
     */
    static ParkedSyncs park(
            ScenarioRun stage, List<Client> accounts, List<String> tokens, int polls, String presence, Tally tally)
            throws IOException, InterruptedException {
        stage.progress("parking " + polls + " long polls, " + presence);
        var syncs = new ParkedSyncs(stage, tally);
        var start = System.nanoTime();
        for (var i = 0; i < polls; i++) {
            var account = accounts.get(i % accounts.size());
            syncs.parkOne(account, tokens.get(i % accounts.size()), presence);
        }
        syncs.parkingSeconds = (System.nanoTime() - start) / 1e9;
        return syncs;
    }

    private void parkOne(Client account, String since, String presence) throws IOException, InterruptedException {
        var client = account.again(stage.deadlines());
        clients.add(client);
        var begun = System.nanoTime();
        var sent = new CountDownLatch(1);
        threads.add(Thread.ofVirtual().start(() -> poll(client, since, presence, sent)));
        sent.await();
        synchronized (tally) {
            tally.latencies.record(System.nanoTime() - begun);
        }
    }

    /** Repeats the long poll, from the last answer on, whenever the server answers early. */
    private void poll(Client client, String since, String presence, CountDownLatch sent) {
        var token = since;
        try {
            client.open();
            parked.incrementAndGet();
            sent.countDown();
            while (!stopped) {
                var answer = client.exchange(request(client, token, presence), heldMillis);
                early.incrementAndGet();
                if (answer.status() == 429) {
                    synchronized (tally) {
                        tally.limited++;
                    }
                } else if (!answer.ok()) {
                    throw new Client.Refused("a long poll", answer);
                } else {
                    token = Objects.requireNonNull(new SyncBody(answer.body()).nextBatch());
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

    private byte[] request(Client client, String since, String presence) {
        return client.get(
                "/sync?timeout=" + heldMillis + "&set_presence=" + presence + "&since=" + Request.encode(since));
    }

    /** Waits for the warm-up, and then until the server's processor use shows that it has taken in every request. */
    int settle(ScenarioRun.Meter meter) throws InterruptedException {
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

    long parked() {
        return parked.get();
    }

    long early() {
        return early.get();
    }

    double parkingSeconds() {
        return parkingSeconds;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        clients.forEach(Client::close);
        for (var thread : threads) {
            thread.join();
        }
    }
}
