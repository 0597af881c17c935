package io.myelin.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param users how many users take part; 0 for what the scenario thinks right, likewise rooms and accounts
 * @param pids the server's processes, where they are not to be found by their ports
 */
record Options(
        List<String> urls,
        boolean spread,
        List<Scenario> scenarios,
        int seconds,
        int warmup,
        int users,
        int rooms,
        int accounts,
        @Nullable Path json,
        Set<Long> pids) {

    /** The command line is not understood; the message says why. */
    static final class Misuse extends Exception {
        private static final long serialVersionUID = 1;

        Misuse(String message) {
            super(message);
        }
    }

    static Options parse(String... arguments) throws Misuse {
        var urls = new ArrayList<String>();
        var scenarios = new ArrayList<Scenario>();
        var pids = new TreeSet<Long>();
        var spread = false;
        var seconds = 10;
        var warmup = 3;
        var users = 0;
        var rooms = 0;
        var accounts = 0;
        Path json = null;
        for (var words = List.of(arguments).iterator(); words.hasNext(); ) {
            var word = words.next();
            if ("--spread".equals(word)) {
                spread = true;
                continue;
            }
            if (!words.hasNext()) {
                throw new Misuse(word.startsWith("--") ? word + " needs a value" : "unknown option " + word);
            }
            var value = words.next();
            switch (word) {
                case "--url" -> urls.add(value);
                case "--scenario" -> {
                    for (var name : value.split("[,|]")) {
                        scenarios.add(Scenario.named(name));
                    }
                }
                case "--seconds" -> seconds = number(word, value, 1);
                case "--warmup" -> warmup = number(word, value, 0);
                case "--users" -> users = number(word, value, 1);
                case "--rooms" -> rooms = number(word, value, 1);
                case "--accounts" -> accounts = number(word, value, 1);
                case "--json" -> json = Path.of(value);
                case "--pid" -> pids.add((long) number(word, value, 1));
                default -> throw new Misuse("unknown option " + word);
            }
        }
        if (urls.isEmpty()) {
            throw new Misuse("--url is missing: say which server to measure");
        }
        if (scenarios.isEmpty()) {
            throw new Misuse("--scenario is missing: say what to measure");
        }
        return new Options(urls, spread, scenarios, seconds, warmup, users, rooms, accounts, json, pids);
    }

    /** The servers to measure one after another. */
    List<Target> targets() {
        var endpoints = urls.stream().map(Endpoint::of).toList();
        return spread
                ? List.of(new Target(endpoints))
                : endpoints.stream()
                        .map(endpoint -> new Target(List.of(endpoint)))
                        .toList();
    }

    private static int number(String option, String value, int least) throws Misuse {
        try {
            var number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // The same answer as for a number that is too small.
        }
        throw new Misuse(option + " " + value + ": expected a number, at least " + least);
    }
}
