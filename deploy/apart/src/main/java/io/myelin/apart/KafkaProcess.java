package io.myelin.apart;

import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.EmbeddedKafka;
import io.myelin.server.process.OptimisingCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The main class of the broker's process: {@code KafkaProcess DATA}. Once the broker accepts requests, its pid and its
 * address are in {@code DATA/apart/kafka.ready}.
 */
public final class KafkaProcess {
    private KafkaProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        OptimisingCompiler.standBack();
        Logs.toTerminal();
        var data = DataDirectory.shared(Path.of(arguments[0]));
        Logs.toFile(data.log("kafka#1"));
        var ready = readyFile(data.path());
        Files.deleteIfExists(ready);
        var kafka = EmbeddedKafka.start(data);
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop"));
        Files.writeString(ready, ProcessHandle.current().pid() + " " + kafka.bootstrapServers() + "\n");
        Thread.currentThread().join();
    }

    /** The address of the broker with this pid; empty if it does not accept requests yet. */
    static String bootstrapServers(Path data, long pid) {
        try {
            var words = Files.readString(readyFile(data)).strip().split(" ", -1);
            return words.length == 2 && words[0].equals(Long.toString(pid)) ? words[1] : "";
        } catch (IOException notYet) {
            return "";
        }
    }

    private static Path readyFile(Path data) {
        return data.resolve("apart").resolve("kafka.ready");
    }
}
