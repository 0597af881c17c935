package io.myelin.server.process;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * The JVM's optimising compiler, which uses most of two cores in a server's first minute, when the server itself needs
 * them most. During the start its threads get the lowest priority. This happens only on Linux, and only where this
 * process may raise the priority again afterwards (as root, usually in a container).
 */
public final class OptimisingCompiler {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String NAME = "C2 CompilerThre";
    private static final Duration CALM = Duration.ofSeconds(20);
    private static final int LAST = 19;
    private static final int NORMAL = 0;
    private static final int WHICH_THREAD = 0;

    private OptimisingCompiler() {}

    /** Lowers the compiler's priority and returns at once; the normal priority is restored after {@link #CALM}. */
    public static void standBack() {
        if (!Files.isDirectory(THREADS) || !"root".equals(System.getProperty("user.name"))) {
            return;
        }
        try {
            MethodHandle setPriority = setPriority();
            give(setPriority, LAST);
            Thread.ofPlatform().name("compiler-priority").daemon().start(() -> comeBack(setPriority));
        } catch (IOException | RuntimeException e) {
            // The server then only takes longer to start.
            LoggerFactory.getLogger(OptimisingCompiler.class).debug("The compiler does not stand back", e);
        }
    }

    private static void comeBack(MethodHandle setPriority) {
        try {
            TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
            give(setPriority, NORMAL);
        } catch (IOException e) {
            LoggerFactory.getLogger(OptimisingCompiler.class).warn("The compiler keeps a low priority", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void give(MethodHandle setPriority, int nice) throws IOException {
        for (int thread : threads()) {
            try {
                int unused = (int) setPriority.invokeExact(WHICH_THREAD, thread, nice);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static List<Integer> threads() throws IOException {
        try (var all = Files.list(THREADS)) {
            return all.filter(OptimisingCompiler::isOurs)
                    .map(thread -> Integer.valueOf(thread.getFileName().toString()))
                    .toList();
        }
    }

    private static boolean isOurs(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).startsWith(NAME);
        } catch (IOException gone) {
            return false;
        }
    }

    /** {@code setpriority(2)}. */
    private static MethodHandle setPriority() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setpriority"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }
}
