package io.myelin.server.process;

import io.myelin.server.rpc.ServiceAddresses;
import io.myelin.server.service.Identity;
import io.myelin.server.service.Program;
import io.myelin.server.service.ServiceDescriptions;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ServerSettings;
import io.myelin.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The life of a process: it reads the configuration, starts the {@link Ground} and then the beans, and however it ends,
 * closes the beans and then the ground. The beans stop by phases (see {@link io.myelin.server.Phases}), all within ten
 * seconds: parked requests are answered, the ports close once all requests under way are answered, shards are released.
 */
public final class ComponentProcess {
    private final Program program;
    private final Identity identity;
    private final Ground ground;
    private @Nullable ConfigurableApplicationContext context;
    private boolean stopped;

    private ComponentProcess(Program program, Identity identity, Ground ground) {
        this.program = program;
        this.identity = identity;
        this.ground = ground;
    }

    /**
     * Starts a service as a process of its own, on a database and a broker that it shares with the others, and prints a
     * message when it is ready.
     *
     * @param words {@code SERVICE [--data DIR] [--config FILE]}
     */
    public static void main(String[] words) {
        var name = words.length == 0 ? "" : words[0];
        try {
            var program = Program.of(ServiceDescriptions.named(name));
            var options = Options.parse(List.of(words).subList(1, words.length));
            run(
                    program,
                    options,
                    List.of(Apart.class),
                    properties -> new SharedGround(
                            properties, identity(program, properties).instance()),
                    (properties, ground) -> identity(program, properties).instance() + " is ready at "
                            + ground.internalPort().url());
        } catch (RuntimeException e) {
            StartFailure.exit(name, e);
        }
    }

    /** The message that is printed on the terminal when everything is ready. */
    public interface ReadyMessage<G extends Ground> {
        String of(ServerSettings properties, G ground);
    }

    /** Starts a process and returns when it is ready; it runs until it is told to stop. */
    public static <G extends Ground> void run(
            Program program, Options options, Function<ServerSettings, G> grounds, ReadyMessage<G> message) {
        run(program, options, List.of(), grounds, message);
    }

    private static <G extends Ground> void run(
            Program program,
            Options options,
            List<Class<?>> furtherConfigurations,
            Function<ServerSettings, G> grounds,
            ReadyMessage<G> message) {
        OptimisingCompiler.standBack();
        // No log output until logging is configured: the engines start before that.
        LoggingSystem.get(ComponentProcess.class.getClassLoader()).beforeInitialize();
        var environment = new StandardEnvironment();
        var settings = ConfigurationLoader.load(
                environment, options.file(), options.settings(), ServiceDescriptions.settings());
        var properties = settings.server();
        var ground = grounds.apply(properties);
        var process = new ComponentProcess(program, identity(program, properties), ground);
        Runtime.getRuntime().addShutdownHook(new Thread(process::stop, "stop"));
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("derived", derived(program, properties, ground)));
        process.start(environment, settings, furtherConfigurations);
        System.out.println(message.of(properties, ground));
        System.out.flush();
    }

    private static Identity identity(Program program, ServerSettings properties) {
        var name = properties.instance();
        return new Identity(program.name(), name == null ? program.name() : name);
    }

    private void start(StandardEnvironment environment, Settings settings, List<Class<?>> furtherConfigurations) {
        var sources = Stream.of(
                        List.<Class<?>>of(ProcessConfiguration.class), program.configurations(), furtherConfigurations)
                .flatMap(List::stream)
                .toArray(Class<?>[]::new);
        var application = new SpringApplication(sources);
        application.setEnvironment(environment);
        application.setRegisterShutdownHook(false);
        application.addInitializers(beans -> {
            // Closed even if the start fails half-way, since then run() does not return it.
            context = beans;
            var factory = beans.getBeanFactory();
            factory.registerSingleton("serverSettings", settings.server());
            settings.ofServices()
                    .forEach(one -> factory.registerSingleton(one.getClass().getName(), one));
            factory.registerSingleton("program", program);
            factory.registerSingleton("identity", identity);
            factory.registerSingleton("ground", ground);
            factory.registerSingleton(
                    "serviceAddresses", ServiceAddresses.in(environment, ServiceDescriptions.names()));
        });
        application.run();
    }

    private synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        var log = LoggerFactory.getLogger(ComponentProcess.class);
        log.info("Stopping");
        if (context != null) {
            context.close();
        }
        ground.close();
        log.info("Stopped");
    }

    /** Spring Boot's own settings, derived from Myelin's. */
    private static Map<String, Object> derived(Program program, ServerSettings properties, Ground ground) {
        var listeners = properties.listeners();
        var internal = ground.internalPort();
        Path log = ground.log();
        return Map.of(
                "server.address",
                program.servesClients() ? listeners.address() : internal.address(),
                "server.port",
                program.servesClients() ? listeners.clientPort() : internal.number(),
                "server.jetty.threads.max",
                listeners.maxThreads(),
                "logging.file.name",
                log.toString());
    }
}
