package io.myelin.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker (KRaft, a single node) inside this process.
 *
 * <p>It is transport: what it has acknowledged may be lost with the machine's power, and its users can cope. If it
 * does not start on its data, those are moved aside and it begins anew, as another cluster. A fatal fault later halts
 * the process. It listens on 127.0.0.1 only, on ports that stay the same while they can, for those who know its secret
 * ({@link #clientSettings}); topics are made by those who use them. One broker runs in a process at a time.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final long START_SECONDS = 120;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    /** A broker that is its own controller never dies alone: this only keeps one that is out of breath from being fenced. */
    private static final Duration SESSION = Duration.ofSeconds(3);

    private final KafkaRaftServer server;
    private final String bootstrapServers;
    private final BrokerAuthentication authentication;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers, BrokerAuthentication authentication) {
        this.server = server;
        this.authentication = authentication;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Returns when the broker takes requests.
     *
     * @param data the server's directory; {@code kafka/} and files named {@code kafka...} in it are ours
     */
    public static EmbeddedKafka start(DataDirectory data) {
        return start(data, port(data));
    }

    /**
     * As above, for those who tell its clients beforehand where it will be.
     *
     * @param port one that {@link #port} has chosen
     */
    public static EmbeddedKafka start(DataDirectory data, int port) {
        return start(data, port, SESSION);
    }

    /** For tests: a broker that everybody on this machine may use. */
    public static EmbeddedKafka startOpen(DataDirectory data) {
        return start(data, port(data), SESSION, BrokerAuthentication.NONE);
    }

    /** As above, with a session of the broker as long as that. */
    static EmbeddedKafka start(DataDirectory data, int port, Duration session) {
        return start(data, port, session, BrokerAuthentication.of(data));
    }

    private static EmbeddedKafka start(
            DataDirectory data, int port, Duration session, BrokerAuthentication authentication) {
        var directory = data.path().resolve("kafka");
        try {
            try {
                return startOn(data.path(), directory, port, session, authentication);
            } catch (BrokerDoesNotStart e) {
                if (ExceptionUtils.indexOfType(e, BindException.class) >= 0) {
                    throw new IllegalStateException(
                            "A port of the broker was taken while it started. Start again, and it will have another one.",
                            e);
                }
                if (!Files.exists(directory)) {
                    throw e;
                }
                var aside = moveAside(directory);
                log.warn("Kafka does not start on its data; they are now in {} and it begins anew", aside, e);
                return startOn(data.path(), directory, port, session, authentication);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded Kafka broker cannot use " + directory, e);
        }
    }

    /**
     * A port for the broker on these data, the one that it had if that is free. To be asked once for a start: a free one
     * looks taken while a process is being spawned, which has all our sockets until it closes them.
     */
    public static int port(DataDirectory data) {
        return data.port("kafka");
    }

    /** For {@code bootstrap.servers} of clients of the broker at that port. */
    public static String bootstrapServers(int port) {
        return "127.0.0.1:" + port;
    }

    /** For {@code bootstrap.servers} of clients. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** With which its clients may use it, besides where it is. */
    public Map<String, String> clientSettings() {
        return authentication.clientSettings();
    }

    /** The same for those who tell them to clients beforehand: of the broker that starts, or will, on these data. */
    public static Map<String, String> clientSettings(DataDirectory data) {
        return BrokerAuthentication.of(data).clientSettings();
    }

    private static EmbeddedKafka startOn(
            Path data, Path directory, int brokerPort, Duration session, BrokerAuthentication authentication)
            throws IOException {
        var controllerPort = LoopbackPort.remembered(data.resolve("kafka-controller.port"));
        var settings = KafkaSettings.of(directory, brokerPort, controllerPort, session, authentication);
        var start = new CompletableFuture<Void>();
        BrokerFaults.belongTo(start);
        try {
            var time = new LeapingTime();
            if (FormerSession.isIn(directory)) {
                FormerSession.end(session, time, start);
            }
            formatIfNew(directory);
            var server = new KafkaRaftServer(new KafkaConfig(settings, false), time);
            Thread.ofPlatform().name("embedded-kafka-start").daemon().start(() -> complete(start, server));
            await(start, server);
            BrokerFaults.haltTheProcess();
            return new EmbeddedKafka(server, bootstrapServers(brokerPort), authentication);
        } catch (BrokerDoesNotStart e) {
            throw e;
        } catch (Exception e) {
            throw new BrokerDoesNotStart(e);
        }
    }

    private static void formatIfNew(Path directory) throws Exception {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(directory);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(KafkaSettings.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName(KafkaSettings.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .run();
    }

    private static void complete(CompletableFuture<Void> start, KafkaRaftServer server) {
        try {
            server.startup();
            start.complete(null);
        } catch (Throwable e) {
            start.completeExceptionally(e);
        }
    }

    private static void await(CompletableFuture<Void> start, KafkaRaftServer server) throws InterruptedException {
        try {
            start.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            BrokerFaults.areExpected();
            shutdown(server, STOP_PATIENCE);
            throw new BrokerDoesNotStart(e.getCause() == null ? e : e.getCause());
        }
    }

    /** Moves the data to {@code kafka.broken-<time>} beside them; what was moved there earlier goes. */
    private static Path moveAside(Path directory) throws IOException {
        try (var older = Files.newDirectoryStream(directory.getParent(), directory.getFileName() + ".broken-*")) {
            for (var broken : older) {
                DirectoryTree.delete(broken);
            }
        }
        var now = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .format(Clock.systemUTC().instant().atZone(ZoneOffset.UTC));
        return Files.move(directory, directory.resolveSibling(directory.getFileName() + ".broken-" + now));
    }

    private static void shutdown(KafkaRaftServer server, Duration patience) {
        var stop = Thread.ofPlatform().name("embedded-kafka-stop").daemon().start(server::shutdown);
        try {
            if (!stop.join(patience)) {
                log.warn("The broker has not stopped within {} s and is left to itself", patience.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the broker, leaving its log in order. */
    @Override
    public void close() {
        close(STOP_PATIENCE);
    }

    /** As above; a broker that takes longer than that is left to itself. */
    public void close(Duration patience) {
        BrokerFaults.areExpected();
        shutdown(server, patience);
    }

    /** The broker has refused its data, or something else keeps it from starting. */
    private static final class BrokerDoesNotStart extends IllegalStateException {
        BrokerDoesNotStart(Throwable cause) {
            super("The embedded Kafka broker does not start: " + cause, cause);
        }
    }
}
