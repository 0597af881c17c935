package io.myelin.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command line. 0 users, rooms or accounts means the scenario's default. */
@Command(
        name = "bench",
        separator = " ",
        sortOptions = false,
        usageHelpWidth = 120,
        header = "Puts load on Matrix homeservers and reports what came out.%n",
        synopsisHeading = "",
        customSynopsis = {
            "  bench --url URL [--url URL ...] --scenario NAME[,NAME ...] [options]",
            "  bench --kernels [NAME ...] [options of JMH]"
        },
        optionListHeading = "%n",
        footerHeading = "%n",
        footer = {
            "Only answers of 200 count as operations; rate limits are waited out and counted. CPU ms/op is the time",
            "of all processors that the server took for an operation, mem the memory of its processes (shared pages",
            "counted once), bench CPU what this program took of one processor.",
            "",
            "--kernels takes no server: JMH measures what one computes for an event, all of it or what the names",
            "match. -l lists the kernels, -h says what else JMH takes.",
            "",
            "Scenarios:"
        })
final class Options {

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "a homeserver with open registration, such as http://localhost:8008; several are measured one"
                    + " after another and reported side by side")
    List<String> urls = new ArrayList<>();

    @Option(names = "--spread", description = "the URLs belong to one cluster: its users are spread over them")
    boolean spread;

    @Option(
            names = "--scenario",
            required = true,
            split = "[,|]",
            splitSynopsisLabel = ",",
            paramLabel = "NAME",
            converter = ScenarioName.class,
            description = "what to measure, one after another")
    List<Scenario> scenarios = new ArrayList<>();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            converter = Positive.class,
            description = "how long to measure (${DEFAULT-VALUE})")
    int seconds = 10;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            converter = ZeroOrMore.class,
            description = "for how many seconds to run before that (${DEFAULT-VALUE})")
    int warmup = 3;

    @Option(
            names = "--users",
            paramLabel = "N",
            converter = Positive.class,
            description = "how many users, connections or long polls")
    int users;

    @Option(names = "--rooms", paramLabel = "N", converter = Positive.class, description = "how many rooms")
    int rooms;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            converter = Positive.class,
            description = "how many accounts the long polls of idle-syncs share")
    int accounts;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the report as JSON, too")
    @Nullable
    Path json;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description =
                    "a process of the server, its children included; may be repeated. Otherwise those who listen on"
                            + " the URL's port of this machine, their children, and whom they are connected to on this machine (a"
                            + " database of their own)")
    Set<Long> pids = new TreeSet<>();

    @Option(names = "--help", usageHelp = true, description = "shows this")
    boolean help;

    /** The parser of command lines. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Options())
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false);
        String[] scenarios = Arrays.stream(Scenario.values())
                .map(each -> "  %-15s %s".formatted(each.label(), each.description()))
                .toArray(String[]::new);
        var usage = commandLine.getCommandSpec().usageMessage();
        usage.footer(Stream.concat(Arrays.stream(usage.footer()), Arrays.stream(scenarios))
                .toArray(String[]::new));
        return commandLine;
    }

    /** @throws CommandLine.ParameterException if the command line is invalid */
    static Options parse(String... words) {
        CommandLine commandLine = commandLine();
        commandLine.parseArgs(words);
        return commandLine.getCommand();
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

    private static final class ScenarioName implements ITypeConverter<Scenario> {
        @Override
        public Scenario convert(String name) {
            return Arrays.stream(Scenario.values())
                    .filter(scenario -> scenario.label().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("there is no scenario " + name));
        }
    }

    private static final class Positive implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return number(value, 1);
        }
    }

    private static final class ZeroOrMore implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return number(value, 0);
        }
    }

    private static int number(String value, int least) {
        try {
            var number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Reported like a number that is too small.
        }
        throw new TypeConversionException(value + " is not a number of at least " + least);
    }
}
