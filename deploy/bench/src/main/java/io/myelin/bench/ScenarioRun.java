package io.myelin.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One scenario on one target: creates accounts, keeps the time and measures the server's processes. */
final class ScenarioRun implements AutoCloseable {

    private static final int PREPARING_THREADS = 8;
    private static final int LONGEST_SECONDS = 600;
    private static final String RUN = Long.toString(System.currentTimeMillis(), 36);
    private static int stages;

    private final String scenario;
    private final Target target;
    private final Options options;
    private final Deadlines deadlines = new Deadlines();
    private final String prefix = "bench-" + RUN + "-" + stages++ + "-";

    ScenarioRun(String scenario, Target target, Options options) {
        this.scenario = scenario;
        this.target = target;
        this.options = options;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    int seconds() {
        return options.seconds;
    }

    int warmup() {
        return options.warmup;
    }

    int users(int otherwise) {
        return options.users > 0 ? options.users : otherwise;
    }

    int rooms(int otherwise) {
        return options.rooms > 0 ? options.rooms : otherwise;
    }

    int accounts(int otherwise) {
        return options.accounts > 0 ? options.accounts : otherwise;
    }

    Client anonymous(int user) {
        return Client.anonymous(target.of(user), deadlines);
    }

    /** Registers {@code count} new accounts. */
    List<Client> register(int count) throws IOException, InterruptedException {
        progress("registering " + count + (count == 1 ? " account" : " accounts"));
        return prepare(count, user -> Client.register(target.of(user), deadlines, prefix + user));
    }

    /** Registers one more account, with a name outside of the numbered ones. */
    Client register(String name) throws IOException, InterruptedException {
        return Client.register(target.of(0), deadlines, prefix + name);
    }

    /** A step of the preparation, numbered from 0. */
    interface Step<T> {
        T take(int number) throws Exception;
    }

    /** Runs {@code count} steps, a few at a time, and returns their results in order. */
    <T> List<T> prepare(int count, Step<T> step) throws IOException, InterruptedException {
        try (var threads = Executors.newFixedThreadPool(PREPARING_THREADS)) {
            var steps = new ArrayList<Callable<T>>();
            for (var i = 0; i < count; i++) {
                var number = i;
                steps.add(() -> step.take(number));
            }
            var taken = new ArrayList<T>();
            for (Future<T> one : threads.invokeAll(steps)) {
                taken.add(one.get());
            }
            return taken;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException refused ? refused : new IOException(failed.getCause());
        }
    }

    /** Runs the workers in a closed loop. */
    Result measure(List<Worker> workers) throws IOException, InterruptedException {
        progress("warming up for " + warmup() + " s, then measuring for " + seconds() + " s");
        return measure(workers, warmup(), seconds());
    }

    /** Runs the workers until each has made all its requests, and measures the whole time. */
    Result measureAll(List<Worker> workers) throws IOException, InterruptedException {
        progress("measuring, without a warm-up, until all is done");
        return measure(workers, 0, LONGEST_SECONDS);
    }

    private Result measure(List<Worker> workers, int warmup, int seconds) throws IOException, InterruptedException {
        prepare(workers.size(), number -> {
            workers.get(number).client().open();
            return number;
        });
        var meter = meter();
        var outcome = new ClosedLoop(workers).run(warmup, seconds, meter::start, meter::stop);
        var rate = outcome.tally().latencies.count() / outcome.seconds();
        return meter.result(outcome.tally(), rate, outcome.seconds(), Map.of());
    }

    Meter meter() {
        return new Meter();
    }

    void progress(String what) {
        System.err.println(scenario + " on " + target + ": " + what);
    }

    /** Measures what the server and this program use between {@link #start} and {@link #stop}. */
    final class Meter {
        private final Set<Long> pids = options.pids.isEmpty()
                ? Processes.serving(target.endpoints().stream()
                        .filter(Endpoint::isLocal)
                        .map(Endpoint::port)
                        .collect(Collectors.toSet()))
                : Processes.families(options.pids);
        private final Set<Long> self = Set.of(ProcessHandle.current().pid());
        private Processes.@Nullable Usage before;
        private Processes.@Nullable Usage after;
        private double benchCpu;

        void start() {
            before = usage();
            benchCpu = -Processes.usage(self).cpuSeconds();
        }

        void stop() {
            benchCpu += Processes.usage(self).cpuSeconds();
            after = usage();
        }

        /** The memory of the server's processes now, in bytes; 0 if unknown. */
        long memory() {
            return Processes.usage(pids).memoryBytes();
        }

        /** The processor time of the server's processes up to now; 0 if unknown. */
        double cpuSeconds() {
            return Processes.usage(pids).cpuSeconds();
        }

        private Processes.@Nullable Usage usage() {
            return pids.isEmpty() ? null : Processes.usage(pids);
        }

        Result result(Tally tally, double rate, double seconds, Map<String, Object> further) {
            return new Result(
                    scenario,
                    target.toString(),
                    tally.latencies,
                    rate,
                    seconds,
                    tally.errors,
                    tally.limited,
                    tally.firstError,
                    before,
                    after,
                    benchCpu,
                    further);
        }
    }

    @Override
    public void close() {
        deadlines.close();
    }
}
