package io.myelin.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Results side by side: as a table for people, as JSON for programs. */
record Report(List<Result> results) {

    private static final String ROW = "%-14s %-28s %10s %9s %9s %9s %8s %8s %10s %9s %9s%n";

    void print(PrintStream out) {
        out.printf(
                ROW,
                "scenario",
                "target",
                "rate/s",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "errors",
                "limited",
                "CPU ms/op",
                "mem MB",
                "bench CPU");
        for (var result : results) {
            var after = result.after();
            out.printf(
                    ROW,
                    result.scenario(),
                    result.target(),
                    number(result.rate()),
                    millis(result, 50),
                    millis(result, 95),
                    millis(result, 99),
                    result.errors(),
                    result.limited(),
                    number(result.serverMillisPerOperation()),
                    after == null ? "-" : after.memoryBytes() >> 20,
                    Math.round(100 * result.benchCpuSeconds() / result.seconds()) + " %");
        }
        for (var result : results) {
            var about = result.scenario() + " on " + result.target();
            if (!result.further().isEmpty()) {
                out.println(about + ": " + result.further());
            }
            if (result.firstError() != null) {
                out.println(about + ", first error: " + result.firstError());
            }
        }
    }

    void write(Path file) throws IOException {
        var json = Json.MAPPER
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(results.stream().map(Result::asJson).toList());
        Files.writeString(file, json + System.lineSeparator());
    }

    private static String millis(Result result, double percent) {
        return result.latencies().count() == 0 ? "-" : number(result.latencies().percentile(percent) / 1e6);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        var decimals = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f";
        return Objects.requireNonNull(String.format(Locale.ROOT, decimals, value));
    }
}
