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
 * <p>It is only transport: records that it has acknowledged may be lost in a power cut, and its users tolerate that. If
 * it does not start on its data, they are moved aside and it begins anew, as another cluster. A fatal fault later halts
 * the process. It listens on 127.0.0.1 only, on ports that stay the same while they are free, and serves only clients
 * that know its secret ({@link #clientSettings}). Its users create the topics. One broker runs in a process at a time.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final long START_SECONDS = 120;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    /**
     * The time without a heartbeat after which the broker is fenced. A broker that is its own controller never dies
     * alone, so this only has to be long enough for a busy broker.
     */
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
     * @param data the server's directory; this class uses {@code kafka/} and files named {@code kafka...} in it
     */
    public static EmbeddedKafka start(DataDirectory data) {
        return start(data, port(data));
    }

    /**
     * As above, for callers that configure its clients before it starts.
     *
     * @param port the port that {@link #port} has chosen
     */
    public static EmbeddedKafka start(DataDirectory data, int port) {
        return start(data, port, SESSION);
    }

    /** For tests: a broker that is open to every user of this machine. */
    public static EmbeddedKafka startOpen(DataDirectory data) {
        return start(data, port(data), SESSION, BrokerAuthentication.NONE);
    }

    /** As above, with a broker session of the given length. */
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
     * A port for the broker on these data: its former one if that is free. To be called once for each start: while a
     * child process is spawned, it holds all our sockets until it closes them, and a free port looks taken.
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

    /** The settings that clients need besides {@code bootstrap.servers}. */
    public Map<String, String> clientSettings() {
        return authentication.clientSettings();
    }

    /** The same for the broker on these data, for callers that configure clients before it starts. */
    public static Map<String, String> clientSettings(DataDirectory data) {
        return BrokerAuthentication.of(data).clientSettings();
    }

    private static EmbeddedKafka startOn(
            Path data, Path directory, int brokerPort, Duration session, BrokerAuthentication authentication)
            throws IOException {
        var controllerPort = LoopbackPort.remembered(data, "kafka-controller");
        var settings = KafkaSettings.of(directory, brokerPort, controllerPort, session, authentication);
        var start = new CompletableFuture<Void>();
        BrokerFaults.belongTo(start);
        try {
            var time = new LeapingTime();
            if (KilledBrokerSession.isIn(directory)) {
                KilledBrokerSession.end(session, time, start);
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

    /** Moves the data to {@code kafka.broken-<time>} beside them, and deletes data that were moved there earlier. */
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

    /** Stops the broker cleanly, so that its next start needs no recovery. */
    @Override
    public void close() {
        close(STOP_PATIENCE);
    }

    /** As above; does not wait longer than {@code patience} for the broker to stop. */
    public void close(Duration patience) {
        BrokerFaults.areExpected();
        shutdown(server, patience);
    }

    /** The broker does not start, because of its data or for another reason. */
    private static final class BrokerDoesNotStart extends IllegalStateException {
        BrokerDoesNotStart(Throwable cause) {
            super("The embedded Kafka broker does not start: " + cause, cause);
        }
    }
}
