package io.myelin.bench.kernel;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.Main;

/** {@code ./myelin bench --kernels}: measures each kernel in JVMs of its own and prints the results. */
public final class Kernels {

    /** The launcher's options for a server on one or two cores, as far as the figures depend on them. */
    private static final String AS_A_SERVER =
            "-XX:+UseSerialGC -Xms64m -XX:NewSize=48m -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow";

    private Kernels() {}

    /**
     * Measures the kernels; ends the process if JMH fails.
     *
     * @param words JMH's command line: regular expressions that select kernels, and JMH's own options
     */
    public static void measure(List<String> words) throws IOException {
        Main.main(Stream.concat(words.stream(), Stream.of("-jvmArgsPrepend", AS_A_SERVER))
                .toArray(String[]::new));
    }
}
