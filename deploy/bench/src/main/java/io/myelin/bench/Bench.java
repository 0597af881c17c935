package io.myelin.bench;

import io.myelin.bench.kernel.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code ./myelin bench}: runs each scenario against each server in turn and prints the results side by side. */
public final class Bench {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Bench() {}

    /** Exits with 0 if everything was measured, 1 if a scenario failed, 2 if the options are wrong. */
    public static void main(String[] arguments) throws InterruptedException {
        var words = new ArrayList<>(Arrays.asList(arguments));
        try {
            if (words.remove("--kernels") && !words.contains("--help")) {
                Kernels.measure(words);
                return;
            }
            var commandLine = Options.commandLine();
            if (CommandLine.printHelpIfRequested(commandLine.parseArgs(words.toArray(String[]::new)))) {
                return;
            }
            System.exit(run(commandLine.getCommand()));
        } catch (ParameterException | IllegalArgumentException misuse) {
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
        for (var scenario : options.scenarios) {
            for (var target : targets) {
                try (var stage = new ScenarioRun(scenario.label(), target, options)) {
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
        var json = options.json;
        if (json != null) {
            report.write(json);
        }
        return status;
    }
}
