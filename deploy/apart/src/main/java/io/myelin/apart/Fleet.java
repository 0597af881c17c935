package io.myelin.apart;

import io.myelin.embedded.DataDirectory;
import io.myelin.server.process.ComponentProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Creates the processes of a plan: their command lines, their files, and their health checks. */
final class Fleet {
    private static final String CLASS_PATH = "java.class.path";
    private static final int KAFKA_HEAP_MEGABYTES = 256;

    private final DataDirectory data;
    private final Ports ports;
    private final @Nullable Path configuration;
    private final String version;

    /** @param configuration {@code myelin.yaml}, null if there is none */
    Fleet(DataDirectory data, Ports ports, @Nullable Path configuration) throws IOException {
        this.data = data;
        this.ports = ports;
        this.configuration = configuration;
        this.version = newestJar();
        // The class path is written to a file, because it would make the command lines in ps unreadable.
        Files.writeString(
                classPathFile(),
                "-cp\n\"" + System.getProperty(CLASS_PATH).replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n");
    }

    SupervisedInstance kafka(Instance instance) {
        return supervisedInstance(
                instance,
                java(
                        instance,
                        KafkaProcess.class,
                        KAFKA_HEAP_MEGABYTES,
                        List.of(data.path().toString())),
                Map.of(),
                "TERM",
                () -> !bootstrapServers(instance).isEmpty());
    }

    /** The broker's address; empty while it does not accept requests. */
    String bootstrapServers(Instance kafka) {
        try {
            return ProcessFile.read(Ports.processFile(data.path(), kafka))
                    .map(process -> KafkaProcess.bootstrapServers(data.path(), process.pid()))
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    SupervisedInstance service(Instance instance, Settings settings) {
        var description = instance.component().description().orElseThrow();
        var arguments = new ArrayList<>(
                List.of(description.name(), "--data", data.path().toString()));
        if (configuration != null) {
            arguments.addAll(List.of("--config", configuration.toString()));
        }
        var port = ports.internal(instance);
        return supervisedInstance(
                instance,
                java(instance, ComponentProcess.class, description.heapMegabytes(), arguments),
                settings.of(instance),
                "TERM",
                () -> Http.isHealthy(port));
    }

    /** @param port the gateway's port for clients */
    SupervisedInstance gateway(Instance instance, List<String> command, int port) {
        return supervisedInstance(instance, command, Map.of(), "QUIT", () -> Http.isGateway(port));
    }

    private SupervisedInstance supervisedInstance(
            Instance instance,
            List<String> command,
            Map<String, String> settings,
            String stopSignal,
            BooleanSupplier health) {
        var launch = new Launch(command, settings, output(instance), stopSignal, version);
        return new SupervisedInstance(
                instance, new OsProcess(launch, Ports.processFile(data.path(), instance), health));
    }

    /** The file for the standard output of a process. */
    Path output(Instance instance) {
        return data.path().resolve("logs").resolve(instance + ".out");
    }

    private List<String> java(Instance instance, Class<?> program, int heapMegabytes, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var cache = System.getProperty("myelin.aot-cache", "");
        if (!cache.isEmpty()) {
            command.add("-XX:AOTCache=" + cache);
            // Without relocation the processes share the cache's pages, 45 MB of each.
            command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0"));
        }
        command.add("-Dmyelin.process=" + data.path() + "/" + instance);
        command.add("-Djava.io.tmpdir=" + data.temporary());
        // The serial collector suits many small heaps: it needs neither threads nor tables of its own. The sizes keep
        // it from running all the time.
        command.addAll(List.of("-XX:+UseSerialGC", "-Xms40m", "-XX:NewSize=24m", "-Xmx" + heapMegabytes + "m"));
        command.addAll(words(System.getProperty("myelin.java-options", "")));
        command.add("@" + classPathFile());
        command.add(program.getName());
        command.addAll(arguments);
        return command;
    }

    private Path classPathFile() {
        return data.path().resolve("apart").resolve("class-path");
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Identifies the build: a process that runs another build is not taken over. */
    private static String newestJar() throws IOException {
        var newest = 0L;
        for (var entry : System.getProperty(CLASS_PATH).split(":", -1)) {
            var path = Path.of(entry);
            if (Files.exists(path)) {
                newest = Math.max(newest, Files.getLastModifiedTime(path).toMillis());
            }
        }
        return Long.toString(newest);
    }
}
