package io.myelin.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of one scenario on one target.
 *
 * @param rate operations per second
 * @param before what the server's processes had used when measuring began; null if they are not on this machine
 * @param after the same when it ended
 * @param benchCpuSeconds processor time of the load generator meanwhile
 * @param further numbers that only this scenario has, by name with unit
 */
record Result(
        String scenario,
        String target,
        Latencies latencies,
        double rate,
        double seconds,
        long errors,
        long limited,
        @Nullable String firstError,
        Processes.@Nullable Usage before,
        Processes.@Nullable Usage after,
        double benchCpuSeconds,
        Map<String, Object> further) {

    /** Everything, in milliseconds, seconds and bytes, for {@code --json}. */
    Map<String, Object> asJson() {
        var json = new LinkedHashMap<String, Object>();
        json.put("scenario", scenario);
        json.put("target", target);
        json.put("operations", latencies.count());
        json.put("seconds", seconds);
        json.put("rate", rate);
        json.put("p50_ms", latencies.percentile(50) / 1e6);
        json.put("p95_ms", latencies.percentile(95) / 1e6);
        json.put("p99_ms", latencies.percentile(99) / 1e6);
        json.put("max_ms", latencies.max() / 1e6);
        json.put("errors", errors);
        json.put("rate_limited", limited);
        if (firstError != null) {
            json.put("first_error", firstError);
        }
        if (before != null && after != null) {
            json.put("pids", after.pids());
            json.put("server_cpu_seconds", after.cpuSeconds() - before.cpuSeconds());
            json.put("server_cpu_ms_per_operation", serverMillisPerOperation());
            json.put("memory_before_bytes", before.memoryBytes());
            json.put("memory_after_bytes", after.memoryBytes());
        }
        json.put("bench_cpu_seconds", benchCpuSeconds);
        json.putAll(further);
        return json;
    }

    /** Processor time of the server for each operation, in milliseconds; NaN if unknown. */
    double serverMillisPerOperation() {
        return before == null || after == null || latencies.count() == 0
                ? Double.NaN
                : (after.cpuSeconds() - before.cpuSeconds()) * 1000 / latencies.count();
    }
}
