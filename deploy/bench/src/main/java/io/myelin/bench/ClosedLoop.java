package io.myelin.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs workers in parallel, each with one request under way at a time: first a warm-up, then the measurement. An operation
 * counts if it began after the warm-up, ended before the stop, and was answered 200.
 */
final class ClosedLoop {

    private enum Phase {
        WARMUP,
        MEASURE,
        STOP
    }

    private final List<Worker> workers;
    private final CountDownLatch running;
    private volatile Phase phase = Phase.WARMUP;

    ClosedLoop(List<Worker> workers) {
        this.workers = workers;
        this.running = new CountDownLatch(workers.size());
    }

    /** @param seconds the measured time; shorter than requested if the workers ran out of requests */
    record Outcome(Tally tally, double seconds) {}

    /** Runs {@code beforeMeasuring} at the beginning of the measured time, and {@code afterMeasuring} at its end. */
    Outcome run(int warmupSeconds, int seconds, Runnable beforeMeasuring, Runnable afterMeasuring)
            throws InterruptedException {
        var tallies = new ArrayList<Tally>();
        var threads = new ArrayList<Thread>();
        for (var worker : workers) {
            var tally = new Tally();
            tallies.add(tally);
            // Platform threads, because a read on one is a single system call; a virtual thread adds a poller.
            threads.add(Thread.ofPlatform().name("worker").start(() -> work(worker, tally)));
        }
        running.await(warmupSeconds, TimeUnit.SECONDS);
        beforeMeasuring.run();
        phase = Phase.MEASURE;
        var start = System.nanoTime();
        running.await(seconds, TimeUnit.SECONDS);
        var nanos = System.nanoTime() - start;
        phase = Phase.STOP;
        afterMeasuring.run();
        for (var thread : threads) {
            thread.join();
        }
        var total = new Tally();
        tallies.forEach(total::add);
        return new Outcome(total, nanos / 1e9);
    }

    /** Whether the warm-up is over and the workers have not been stopped. */
    boolean measuring() {
        return phase == Phase.MEASURE;
    }

    private void work(Worker worker, Tally tally) {
        try {
            for (var number = 0L; phase != Phase.STOP; number++) {
                var request = worker.request().apply(number);
                if (request == null) {
                    return;
                }
                operate(worker.client(), request, tally);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            running.countDown();
        }
    }

    private void operate(Client client, byte[] request, Tally tally) throws InterruptedException {
        while (phase != Phase.STOP) {
            var counts = measuring();
            try {
                var start = System.nanoTime();
                var answer = client.exchange(request);
                var nanos = System.nanoTime() - start;
                counts &= measuring();
                if (answer.status() == 429) {
                    tally.limited += counts ? 1 : 0;
                    TimeUnit.MILLISECONDS.sleep(answer.retryAfterMillis());
                    continue;
                }
                if (answer.ok() && counts) {
                    tally.latencies.record(nanos);
                } else if (!answer.ok()) {
                    tally.error(answer.summary());
                }
            } catch (IOException failed) {
                tally.error(failed.toString());
                TimeUnit.MILLISECONDS.sleep(50);
            }
            return;
        }
    }
}
