package io.myelin.allinone;

import io.myelin.embedded.DataDirectory;
import io.myelin.web.config.ConfigurationLoader;
import io.myelin.web.config.MyelinProperties;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The life of one server: configuration, data directory, engines and beans side by side; and at the end the beans,
 * the broker, the database, the directory, in this order, whatever ends it.
 */
final class Server {
    private final DataDirectory data;
    private final Engines engines;
    private @Nullable ConfigurableApplicationContext context;
    private boolean stopped;

    private Server(DataDirectory data, Engines engines) {
        this.data = data;
        this.engines = engines;
    }

    /** Starts a server and returns when it is ready; it lives on until the process is told to stop. */
    static void run(Options options) {
        var environment = new StandardEnvironment();
        var properties = ConfigurationLoader.load(environment, options.file(), options.settings());
        var data = DataDirectory.open(properties.data());
        var server = new Server(data, Engines.start(properties, data));
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop"));
        environment.getPropertySources().addFirst(new MapPropertySource("derived", derived(properties, data)));
        server.start(environment, properties);
        System.out.println(ReadyMessage.of(properties, data));
        System.out.flush();
        if (options.exitWhenReady()) {
            System.exit(0);
        }
    }

    private void start(StandardEnvironment environment, MyelinProperties properties) {
        var application = new SpringApplication(AllInOne.class);
        application.setEnvironment(environment);
        application.setRegisterShutdownHook(false);
        application.addInitializers(beans -> {
            // Closed even if the start fails half-way, since then run() does not return it.
            context = beans;
            var factory = beans.getBeanFactory();
            factory.registerSingleton("myelinProperties", properties);
            factory.registerSingleton("dataDirectory", data);
            factory.registerSingleton("engines", engines);
        });
        application.run();
    }

    private synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        var log = LoggerFactory.getLogger(Server.class);
        log.info("Stopping");
        if (context != null) {
            context.close();
        }
        engines.close();
        data.close();
        log.info("Stopped");
    }

    /** What Spring Boot's own settings have to be for ours. */
    private static Map<String, Object> derived(MyelinProperties properties, DataDirectory data) {
        var derived = new HashMap<String, Object>();
        derived.put("server.address", properties.listeners().address());
        derived.put("server.port", properties.listeners().clientPort());
        derived.put("server.jetty.threads.max", properties.listeners().maxThreads());
        derived.put(
                "spring.datasource.hikari.maximum-pool-size",
                properties.database().poolSize());
        derived.put("logging.file.name", data.log("myelin").toString());
        return derived;
    }
}
