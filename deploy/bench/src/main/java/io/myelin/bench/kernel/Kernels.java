package io.myelin.bench.kernel;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.Main;

/** {@code ./myelin bench --kernels}: measures each kernel in JVMs of its own and prints what came out. */
public final class Kernels {

    /** Of the launcher's options for a server on one or two cores those that the figures depend on. */
    private static final String AS_A_SERVER =
            "-XX:+UseSerialGC -Xms64m -XX:NewSize=48m -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow";

    private Kernels() {}

    /**
     * Ends the process where JMH fails.
     *
     * @param words what JMH reads from a command line: regular expressions that say which kernels, and its own options
     */
    public static void measure(List<String> words) throws IOException {
        Main.main(Stream.concat(words.stream(), Stream.of("-jvmArgsPrepend", AS_A_SERVER))
                .toArray(String[]::new));
    }
}
