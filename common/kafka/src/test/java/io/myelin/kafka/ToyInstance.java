package io.myelin.kafka;

import io.myelin.postgres.DatabaseLogin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An instance of the toy service in a JVM of its own, which a test can freeze. It stops in order when its standard
 * input ends.
 */
final class ToyInstance implements AutoCloseable {

    private final Process process;

    ToyInstance(DatabaseLogin login, String bootstrapServers) throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ToyInstance.class.getName(),
                        login.url(),
                        login.user(),
                        login.password(),
                        bootstrapServers))
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "toy-instance.log").toFile())
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        DatabaseLogin login = new DatabaseLogin(arguments[0], arguments[1], arguments[2]);
        try (ToyProcess _ = new ToyProcess(login, arguments[3])) {
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
        System.exit(0);
    }

    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill " + name + " says " + status);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
