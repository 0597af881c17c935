package io.myelin.apart;

import io.myelin.allinone.TlsIdentity;
import io.myelin.apart.Component.Tier;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.DatabaseLogin;
import io.myelin.embedded.DurableFile;
import io.myelin.embedded.EmbeddedKafka;
import io.myelin.embedded.PostgresqlSettings;
import io.myelin.server.process.Options;
import io.myelin.server.process.SigningKeyFile;
import io.myelin.server.service.ServiceDescriptions;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.StandardEnvironment;

/** A server whose components are processes of their own: starts it, watches it and stops it. */
final class MultiProcessServer implements AutoCloseable {
    /** How many instances of each service run. */
    static final Options.Option INSTANCES = new Options.Option("--instances", "SERVICE=NUMBER,…");

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    /** A database without a supervisor runs this long, waiting for the next one. */
    private static final Duration DATABASE_LINGERS = Duration.ofDays(30);

    private static final int MEGABYTE = 1 << 20;
    /** The launcher's own variables, and those that are set anew for each process. */
    private static final Set<String> NOT_SETTINGS = Set.of("MYELIN_BUILD", "MYELIN_JAVA_OPTIONS", "MYELIN_DATA");

    private final DataDirectory data;
    private final ServerSettings properties;
    private final Plan plan;
    private final Ports ports;
    private final Path nginx;
    private final Supervisor supervisor = new Supervisor();
    private boolean closed;

    private MultiProcessServer(DataDirectory data, ServerSettings properties, Plan plan, Path nginx) {
        this.data = data;
        this.properties = properties;
        this.plan = plan;
        this.ports = new Ports(data);
        this.nginx = nginx;
    }

    /** Starts everything and returns when it is ready. The components then run until this process is told to stop. */
    static void run(Options options) {
        var nginx = Gateway.nginx().orElseThrow(() -> new UsageError(Gateway.howToGetNginx()));
        var properties = ConfigurationLoader.load(
                        new StandardEnvironment(), options.file(), options.settings(), ServiceDescriptions.settings())
                .server();
        var plan = Plan.of(options.value(INSTANCES), absent(properties));
        var data = DataDirectory.open(properties.data());
        Logs.toFile(data.log("supervisor"));
        var apart = new MultiProcessServer(data, properties, plan, nginx);
        Runtime.getRuntime().addShutdownHook(new Thread(apart::close, "stop"));
        try {
            apart.start(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.println(ReadyMessage.of(properties, data.path(), plan));
        System.out.flush();
    }

    private static Set<Component> absent(ServerSettings properties) {
        var absent = new HashSet<Component>();
        if (!properties.database().isEmbedded()) {
            absent.add(Component.POSTGRESQL);
        }
        if (!properties.kafka().isEmbedded()) {
            absent.add(Component.KAFKA);
        }
        return absent;
    }

    private void start(Options options) throws IOException {
        Files.createDirectories(data.path().resolve("apart"));
        OrphanedProcesses.end(data.path(), plan);
        // Secret and key are created before the processes start; otherwise each process would create its own.
        var secret = data.secret("internal");
        SigningKeyFile.readOrCreate(properties.signingKey());
        var gateway = gateway();
        requirePortsOf(gateway);
        data.reservePort("client", properties.listeners().clientPort());
        data.reservePort("federation", properties.listeners().federationPort());
        var file = options.file();
        var fleet = new Fleet(data, ports, file == null ? null : file.toAbsolutePath());

        var postgresql = new Postgresql(data, postgresqlSettings());
        var engines = new ArrayList<SupervisedInstance>();
        plan.instances(Component.POSTGRESQL)
                .forEach(instance -> engines.add(new SupervisedInstance(instance, postgresql)));
        plan.instances(Component.KAFKA).forEach(instance -> engines.add(fleet.kafka(instance)));
        supervisor.start(engines, PATIENCE);

        var kafka = plan.instances(Component.KAFKA).stream()
                .findFirst()
                .map(fleet::bootstrapServers)
                .orElseGet(() -> String.valueOf(properties.kafka().bootstrapServers()));
        var database = properties.database().isEmbedded() ? postgresql.login() : configuredDatabase();
        var login = properties.kafka().isEmbedded() ? EmbeddedKafka.clientSettings(data) : Map.<String, String>of();
        var settings = new Settings(given(), properties, database, kafka, login, plan, ports);
        startServices(Tier.SERVERS, fleet, settings);
        tellWhereUsersAreAdded();
        startServices(Tier.EDGES, fleet, settings);

        gateway.configure(plan, ports);
        OrphanedProcesses.endNginxWithoutMaster(gateway.log());
        var clientPort = properties.listeners().clientPort();
        supervisor.start(
                plan.instances(Component.GATEWAY).stream()
                        .map(instance -> fleet.gateway(instance, gateway.command(nginx), clientPort))
                        .toList(),
                PATIENCE);
        supervisor.watch();
        openControl(fleet, postgresql, secret);
    }

    private void startServices(Tier tier, Fleet fleet, Settings settings) {
        supervisor.start(
                plan.instances().stream()
                        .filter(instance -> instance.component().tier() == tier)
                        .map(instance -> fleet.service(instance, settings))
                        .toList(),
                PATIENCE);
    }

    private void openControl(Fleet fleet, Postgresql postgresql, String secret) throws IOException {
        var status = new Status(supervisor, new Addresses(fleet, postgresql), secret);
        var control = new Control(
                data.port("apart/control"),
                data.secret("apart/control"),
                supervisor,
                plan,
                status,
                this::tellWhereUsersAreAdded);
        Runtime.getRuntime().addShutdownHook(new Thread(control::close, "stop-control"));
    }

    private Gateway gateway() {
        var listeners = properties.listeners();
        var address = listeners.address().contains(":") ? "[" + listeners.address() + "]" : listeners.address();
        var tls = TlsIdentity.files(properties, data);
        return new Gateway(
                data.path().resolve("apart").resolve("gateway"),
                data.log("gateway#1"),
                address + ":" + listeners.clientPort(),
                address + ":" + listeners.federationPort(),
                listeners.federationServesClients(),
                tls.certificate().toAbsolutePath(),
                tls.privateKey().toAbsolutePath(),
                properties.limits().requestSize().toBytes());
    }

    /** Fails early if another program uses the gateway's ports, instead of after everything else has started. */
    private void requirePortsOf(Gateway gateway) throws IOException {
        OrphanedProcesses.endNginxWithoutMaster(gateway.log());
        var instance = new Instance(Component.GATEWAY, 1);
        if (ProcessFile.read(Ports.processFile(data.path(), instance))
                .flatMap(ProcessFile::living)
                .isPresent()) {
            return;
        }
        var listeners = properties.listeners();
        for (var port : List.of(listeners.clientPort(), listeners.federationPort())) {
            if (Http.isOpen(port)) {
                throw new IllegalStateException("port " + port + " is in use. Stop what uses it, or set "
                        + "listeners.client-port and listeners.federation-port (docs/configuration.md).");
            }
        }
    }

    private PostgresqlSettings postgresqlSettings() {
        var database = properties.database();
        return new PostgresqlSettings(
                (int) (database.sharedBuffers().toBytes() / MEGABYTE), Settings.connections(plan), DATABASE_LINGERS);
    }

    private DatabaseLogin configuredDatabase() {
        var database = properties.database();
        return new DatabaseLogin(String.valueOf(database.url()), database.user(), database.givenPassword());
    }

    /** Settings in the supervisor's environment are passed on to all processes. */
    private static Map<String, String> given() {
        var given = new HashMap<String, String>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith(Launch.SETTING) && !NOT_SETTINGS.contains(name)) {
                given.put(name, value);
            }
        });
        return given;
    }

    /** Writes the port that {@code ./myelin user add} uses: that of a live instance of the service that owns accounts. */
    private void tellWhereUsersAreAdded() {
        supervisor.supervisedInstances(plan.instances(Component.of(AccountContracts.OWNER.service()))).stream()
                .filter(supervisedInstance ->
                        supervisedInstance.processControl().isAlive())
                .findFirst()
                .ifPresent(supervisedInstance -> {
                    try {
                        DurableFile.write(
                                data.path().resolve("internal.port"),
                                ports.internal(supervisedInstance.instance()) + "\n");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private final class Addresses implements Status.Addresses {
        private final Fleet fleet;
        private final Postgresql postgresql;

        Addresses(Fleet fleet, Postgresql postgresql) {
            this.fleet = fleet;
            this.postgresql = postgresql;
        }

        @Override
        public int port(Instance instance) {
            var component = instance.component();
            if (component.equals(Component.POSTGRESQL)) {
                return postgresql.pid().isPresent() ? portOf(postgresql.login().url()) : 0;
            }
            if (component.equals(Component.KAFKA)) {
                return portOf(fleet.bootstrapServers(instance));
            }
            return component.isService()
                    ? ports.internal(instance)
                    : properties.listeners().clientPort();
        }

        @Override
        public int clientPort(Instance instance) {
            return instance.component().servesClients() ? ports.client(instance) : 0;
        }

        /** The port number at the end of an address, before its path. */
        private static int portOf(String address) {
            var digits = address.replaceFirst("/[^/:]*$", "").replaceFirst("^.*:", "");
            return digits.matches("[0-9]+") ? Integer.parseInt(digits) : 0;
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        var log = LoggerFactory.getLogger(MultiProcessServer.class);
        log.info("Stopping");
        supervisor.close();
        data.close();
        log.info("Stopped");
    }
}
