package io.myelin.server.rpc;

import io.myelin.settings.CurrentSettings;
import io.myelin.contracts.Contract;
import io.myelin.kafka.trace.Traces;
import io.myelin.server.ShardOwnership;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.listen.Listeners;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ServerSettings;
import io.myelin.web.InternalListener;
import io.myelin.web.WebConfiguration;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;

/** A process that serves contracts on its two ports, and proxies that call it over HTTP as another process would. */
public final class TwoProcesses implements AutoCloseable {
    static final String SECRET = "a secret";
    /** How many shards each contract has. */
    public static final int SHARDS = 4;

    private final ConfigurableApplicationContext context;
    final InternalPort internal;
    final URI client;

    private TwoProcesses(ConfigurableApplicationContext context, InternalPort internal, int clientPort) {
        this.context = context;
        this.internal = internal;
        this.client = URI.create("http://127.0.0.1:" + clientPort);
    }

    /** A process that owns all shards of a contract. */
    public static <T> TwoProcesses serving(Contract<T> contract, T target) {
        return serving(new Served<>(contract, target, new Ownership(contract.service())));
    }

    static TwoProcesses serving(Served<?>... served) {
        var properties = properties();
        var internal = InternalPort.of(properties, freePort(), SECRET);
        int clientPort = freePort();
        var context = new SpringApplicationBuilder(Server.class)
                .properties(Map.of(
                        "server.port", clientPort, "server.address", "127.0.0.1", "spring.main.banner-mode", "off"))
                .initializers(beans -> {
                    var factory = beans.getBeanFactory();
                    factory.registerSingleton("properties", properties);
                    factory.registerSingleton("internal", internal);
                    for (int i = 0; i < served.length; i++) {
                        factory.registerSingleton("served" + i, served[i]);
                    }
                })
                .run();
        return new TwoProcesses(context, internal, clientPort);
    }

    /** The contract as seen by another process that knows these addresses of the service. */
    static <T> T proxy(Contract<T> contract, URI... instances) {
        var addresses = new ServiceAddresses(Map.of(contract.service(), List.of(instances)));
        return new Services(SHARDS, addresses, InternalPort.of(properties(), 1, SECRET), Traces.NONE).of(contract);
    }

    /** The contract as seen by another process. */
    public <T> T proxy(Contract<T> contract) {
        return proxy(contract, internal.url());
    }

    private static ServerSettings properties() {
        return ConfigurationLoader.load(new StandardEnvironment(), null, Map.of("shards", Integer.toString(SHARDS)));
    }

    static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    /** An instance that owns all shards or none. */
    static final class Ownership implements ShardOwnership {
        private final String component;
        volatile boolean ownsAll = true;
        volatile @Nullable URI owner;

        Ownership(String component) {
            this.component = component;
        }

        @Override
        public String component() {
            return component;
        }

        @Override
        public boolean owns(int shard) {
            return ownsAll;
        }

        @Override
        public List<Integer> owned() {
            return ownsAll ? List.of(0, 1, 2, 3) : List.of();
        }

        @Override
        public Owners owners() {
            List<@Nullable String> owners = new ArrayList<>();
            for (int shard = 0; shard < SHARDS; shard++) {
                owners.add(owner == null ? null : owner.toString());
            }
            return new Owners(owners, owner == null ? Set.of() : Set.of(owner.toString()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        JacksonAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        JettyServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class
    })
    @Import({WebConfiguration.class, CallConfiguration.class})
    static class Server {
        @Bean
        CurrentSettings currentSettings(ServerSettings properties) {
            return CurrentSettings.of(properties);
        }

        @Bean
        InternalListener internalListener(InternalPort port) {
            return port.listener();
        }

        @Bean
        static Listeners listeners(ServerSettings properties, InternalPort port) {
            return new Listeners(properties, port, null);
        }
    }
}
