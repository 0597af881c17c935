package io.myelin.bench;

import io.myelin.bench.kernel.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;

/** {@code ./myelin bench}: runs each scenario against each server in turn and prints the results side by side. */
public final class Bench {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Bench() {}

    /** Exits with 0 where everything was measured, 1 where a scenario could not be, 2 where the options are wrong. */
    public static void main(String[] arguments) throws InterruptedException {
        var words = new ArrayList<>(Arrays.asList(arguments));
        if (words.contains("--help")) {
            System.out.print(help());
            return;
        }
        try {
            if (words.remove("--kernels")) {
                Kernels.measure(words);
                return;
            }
            System.exit(run(Options.parse(arguments)));
        } catch (Options.Misuse | IllegalArgumentException misuse) {
            System.err.println(misuse.getMessage() + "; see --help");
            System.exit(MISUSED);
        } catch (IOException failed) {
            System.err.println(failed.getMessage());
            System.exit(FAILED);
        }
    }

    private static int run(Options options) throws IOException, InterruptedException {
        var targets = options.targets();
        var results = new ArrayList<Result>();
        var status = 0;
        for (var scenario : options.scenarios()) {
            for (var target : targets) {
                try (var stage = new Stage(scenario.label(), target, options)) {
                    results.add(scenario.run(stage));
                } catch (IOException failed) {
                    System.err.println(
                            scenario.label() + " on " + target + " was not measured: " + failed.getMessage());
                    status = FAILED;
                }
            }
        }
        var report = new Report(results);
        report.print(System.out);
        var json = options.json();
        if (json != null) {
            report.write(json);
        }
        return status;
    }

    private static String help() {
        var help = new StringBuilder("""
                Puts load on Matrix homeservers and reports what came out.

                  bench --url URL [--url URL …] --scenario NAME[,NAME …] [options]
                  bench --kernels [NAME …] [options of JMH]

                  --url URL       a homeserver with open registration, such as http://localhost:8008; several are
                                  measured one after another and reported side by side
                  --spread        the URLs belong to one cluster: its users are spread over them
                  --seconds N     how long to measure (10)
                  --warmup N      for how many seconds to run before that (3)
                  --users N       how many users, connections or long polls
                  --rooms N       how many rooms
                  --accounts N    how many accounts the long polls of idle-syncs share
                  --json FILE     writes the report as JSON, too
                  --pid PID       a process of the server, its children included; may be repeated. Otherwise those who
                                  listen on the URL's port of this machine, their children, and whom they are
                                  connected to on this machine (a database of their own)

                Only answers of 200 count as operations; rate limits are waited out and counted. CPU ms/op is the time
                of all processors that the server took for an operation, mem the memory of its processes (shared pages
                counted once), bench CPU what this program took of one processor.

                --kernels takes no server: JMH measures what one computes for an event, all of it or what the names
                match. -l lists the kernels, -h says what else JMH takes.

                Scenarios:
                """);
        for (var scenario : Scenario.values()) {
            help.append("  %-15s %s%n".formatted(scenario.label(), scenario.description()));
        }
        return help.toString();
    }
}
