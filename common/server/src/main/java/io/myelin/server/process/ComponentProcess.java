package io.myelin.server.process;

import io.myelin.server.observability.JsonLogFormatter;
import io.myelin.server.rpc.ServiceAddresses;
import io.myelin.server.service.Identity;
import io.myelin.server.service.Program;
import io.myelin.server.service.ServiceDescriptions;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.settings.Settings;
import java.util.HashMap;
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
 * The life of a process: it reads the configuration, starts the {@link ProcessResources} and then the beans, and however it ends,
 * closes the beans and then the ground. The beans stop by phases (see {@link io.myelin.server.Phases}), all within ten
 * seconds: parked requests are answered, the ports close once all requests under way are answered, shards are released.
 */
public final class ComponentProcess {
    private final Program program;
    private final Identity identity;
    private final ProcessResources resources;
    private final CurrentSettings current;
    private volatile @Nullable LogLevels levels;
    private @Nullable ConfigurableApplicationContext context;
    private boolean stopped;

    private ComponentProcess(Program program, Identity identity, ProcessResources resources, CurrentSettings current) {
        this.program = program;
        this.identity = identity;
        this.resources = resources;
        this.current = current;
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
                    List.of(SeparateProcess.class),
                    properties -> new SharedResources(
                            properties, identity(program, properties).instance()),
                    (properties, resources) -> identity(program, properties).instance() + " is ready at "
                            + resources.internalPort().url());
        } catch (RuntimeException e) {
            StartFailure.exit(name, e);
        }
    }

    /** The message that is printed on the terminal when everything is ready. */
    public interface ReadyMessage<G extends ProcessResources> {
        String of(ServerSettings properties, G resources);
    }

    /** Starts a process and returns when it is ready; it runs until it is told to stop. */
    public static <G extends ProcessResources> void run(
            Program program, Options options, Function<ServerSettings, G> opening, ReadyMessage<G> message) {
        run(program, options, List.of(), opening, message);
    }

    private static <G extends ProcessResources> void run(
            Program program,
            Options options,
            List<Class<?>> furtherConfigurations,
            Function<ServerSettings, G> opening,
            ReadyMessage<G> message) {
        OptimisingCompiler.standBack();
        // No log output until logging is configured: the engines start before that.
        LoggingSystem.get(ComponentProcess.class.getClassLoader()).beforeInitialize();
        var environment = new StandardEnvironment();
        var known = ServiceDescriptions.settings();
        var settings = ConfigurationLoader.load(environment, options.file(), options.settings(), known);
        var properties = settings.server();
        var resources = opening.apply(properties);
        var process = new ComponentProcess(
                program, identity(program, properties), resources, new CurrentSettings(settings, known));
        Runtime.getRuntime().addShutdownHook(new Thread(process::stop, "stop"));
        environment.getPropertySources().addFirst(new MapPropertySource("derived", process.derived(properties)));
        var reload = new ConfigurationReload(
                () -> ConfigurationLoader.load(new StandardEnvironment(), options.file(), options.settings(), known),
                process.current,
                changed -> process.logAsConfigured());
        reload.followSignal();
        process.start(environment, settings, reload, furtherConfigurations);
        say(properties, message.of(properties, resources));
    }

    private static Identity identity(Program program, ServerSettings properties) {
        var name = properties.instance();
        return new Identity(program.name(), name == null ? program.name() : name);
    }

    /** Also during the start, when a reload may have come before the levels were known. */
    private void logAsConfigured() {
        var known = levels;
        if (known != null) {
            known.apply(current.server().logging());
        }
    }

    private void start(
            StandardEnvironment environment,
            Settings settings,
            ConfigurationReload reload,
            List<Class<?>> furtherConfigurations) {
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
            levels = new LogLevels(environment);
            logAsConfigured();
            var factory = beans.getBeanFactory();
            factory.registerSingleton("currentSettings", current);
            factory.registerSingleton("configurationReload", reload);
            factory.registerSingleton("serverSettings", settings.server());
            settings.ofServices()
                    .forEach(one -> factory.registerSingleton(one.getClass().getName(), one));
            factory.registerSingleton("program", program);
            factory.registerSingleton("identity", identity);
            factory.registerSingleton("resources", resources);
            factory.registerSingleton(
                    "serviceAddresses", ServiceAddresses.in(environment, ServiceDescriptions.names()));
        });
        application.run();
    }

    /** Prints a message for people on the terminal; where the output is to be JSON, it is one more line of the log. */
    private static void say(ServerSettings properties, String message) {
        if (properties.logging().isJson()) {
            LoggerFactory.getLogger(ComponentProcess.class).info("{}", message.strip());
        } else {
            System.out.println(message);
            System.out.flush();
        }
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
        resources.close();
        log.info("Stopped");
    }

    /** Spring Boot's own settings, derived from Myelin's. */
    private Map<String, Object> derived(ServerSettings properties) {
        var listeners = properties.listeners();
        var internal = resources.internalPort();
        var derived = new HashMap<String, Object>();
        derived.put("server.address", program.servesClients() ? listeners.address() : internal.address());
        derived.put("server.port", program.servesClients() ? listeners.clientPort() : internal.number());
        derived.put("server.jetty.threads.max", listeners.maxThreads());
        derived.put("logging.file.name", resources.log().toString());
        if (properties.logging().isJson()) {
            derived.put("logging.structured.format.console", JsonLogFormatter.class.getName());
            derived.put("logging.structured.format.file", JsonLogFormatter.class.getName());
            derived.put(JsonLogFormatter.SERVICE, identity.component());
            derived.put(JsonLogFormatter.INSTANCE, identity.instance());
            // The console is read by a program, which wants all of it.
            derived.put("logging.threshold.console", "INFO");
        }
        return derived;
    }
}
