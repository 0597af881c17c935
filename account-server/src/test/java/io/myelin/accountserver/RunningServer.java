package io.myelin.accountserver;

import io.myelin.accountserver.config.AccountServerConfiguration;
import io.myelin.accountserver.settings.AccountServerSettings;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Replies;
import io.myelin.kafka.Shell;
import io.myelin.kafka.Tail;
import io.myelin.kafka.TailSpec;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.Topics;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.Databases;
import io.myelin.server.Phases;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.rpc.ServiceAddresses;
import io.myelin.server.service.Program;
import io.myelin.server.sessions.Sessions;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.KnownSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.settings.Settings;
import io.myelin.testing.TestEngines;
import io.myelin.web.InternalListener;
import io.myelin.web.WebConfiguration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;

/** account-server alone in a process, on a real database and broker. */
final class RunningServer implements AutoCloseable {
    static final String SECRET = "shared secret";

    private final DatabaseLogin login;
    private final Map<String, String> settings;
    private ServletWebServerApplicationContext context;

    private RunningServer(DatabaseLogin login, Map<String, String> settings) {
        this.login = login;
        this.settings = settings;
        this.context = run(login, settings);
    }

    static RunningServer start(DatabaseLogin login) {
        return new RunningServer(login, Map.of());
    }

    /** @param settings besides those of all tests */
    static RunningServer start(DatabaseLogin login, Map<String, String> settings) {
        return new RunningServer(login, settings);
    }

    /** Starts again on the same database, with another port. */
    void restart() {
        context.close();
        context = run(login, settings);
    }

    private static ServletWebServerApplicationContext run(DatabaseLogin login, Map<String, String> settings) {
        SpringApplication application = new SpringApplication(Composition.class);
        application.setDefaultProperties(
                Map.of("server.port", "0", "spring.main.banner-mode", "off", "spring.threads.virtual.enabled", "true"));
        Databases databases = _ -> login;
        application.addInitializers(beans -> {
            var factory = beans.getBeanFactory();
            factory.registerSingleton("databases", databases);
            factory.registerSingleton("testSettings", new TestSettings(settings));
            factory.registerSingleton("program", Program.of(new AccountServerDescription()));
        });
        return (ServletWebServerApplicationContext) application.run();
    }

    int port() {
        return Objects.requireNonNull(context.getWebServer()).getPort();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }

    /** Settings of one test. */
    record TestSettings(Map<String, String> values) {}

    /** The beans that a deployment adds to the service. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
            })
    @Import({WebConfiguration.class, Sessions.class, AccountServerConfiguration.class})
    static class Composition {
        @Bean
        Settings settings(TestSettings ofTheTest) {
            Map<String, String> all =
                    new HashMap<>(Map.of("test-mode", "true", "shards", "4", "registration.shared-secret", SECRET));
            all.putAll(ofTheTest.values());
            return ConfigurationLoader.load(
                    new StandardEnvironment(), null, all, KnownSettings.of(AccountServerSettings.class));
        }

        @Bean
        CurrentSettings currentSettings(Settings settings) {
            return new CurrentSettings(settings, KnownSettings.of(AccountServerSettings.class));
        }

        @Bean
        ServerSettings serverSettings(Settings settings) {
            return settings.server();
        }

        @Bean
        AccountServerSettings ownSettings(Settings settings) {
            return settings.of(AccountServerSettings.class);
        }

        @Bean
        SigningKey signingKey() {
            return SigningKey.generate("ed25519:test", new Random(1));
        }

        @Bean
        KafkaSettings kafka() {
            return new KafkaSettings(TestEngines.shared().bootstrapServers(), Map.of());
        }

        @Bean
        Topics topics(KafkaSettings kafka, ServerSettings properties) {
            List<TopicPlan> all = List.of(
                    TopicPlan.reply(1),
                    TopicPlan.input(RoomTopics.INPUT.name(), properties.shards()),
                    TopicPlan.input(AccountTopics.INPUT.name(), properties.shards()),
                    TopicPlan.output(AccountTopics.OUTPUT.name(), properties.shards()));
            Topics topics = new Topics(kafka, all);
            topics.prepare();
            return topics;
        }

        @Bean
        TopicWatch watch(Topics topics) {
            TopicWatch watch = new TopicWatch(
                    topics,
                    Set.of(
                            AccountTopics.INPUT.name(),
                            AccountTopics.OUTPUT.name(),
                            TopicPlan.reply(1).name()));
            watch.start();
            return watch;
        }

        @Bean
        Producer<byte[], byte[]> producer(KafkaSettings kafka) {
            return kafka.producer("account-server-it");
        }

        @Bean
        Shell shell(KafkaSettings kafka, TopicWatch watch, Producer<byte[], byte[]> producer, Replies replies) {
            return new Shell(kafka, watch, producer, replies);
        }

        @Bean
        Replies replies(KafkaSettings kafka, TopicWatch watch) throws InterruptedException {
            Replies replies = new Replies(kafka, watch, 1);
            replies.start();
            return replies;
        }

        @Bean
        Tail<AccountFact> accountTail(
                StoredAccounts accounts, KafkaSettings kafka, TopicWatch watch, ServerSettings properties) {
            return new Tail<>(
                    new TailSpec<>(
                            AccountTopics.OUTPUT.name(),
                            properties.shards(),
                            bytes -> Cbor.decode(bytes, AccountFact.class)),
                    accounts,
                    kafka,
                    watch);
        }

        @Bean
        SmartLifecycle tailLifecycle(Tail<AccountFact> tail) {
            return new StartedTail(tail);
        }

        @Bean
        ServiceAddresses serviceAddresses() {
            return new ServiceAddresses(Map.of());
        }

        /** Never called, since there is no other process. */
        @Bean
        InternalPort internalPort(ServerSettings properties) {
            return InternalPort.of(properties, 1, SECRET);
        }

        @Bean
        InternalListener internalListener(ServletWebServerApplicationContext context) {
            return new InternalListener(
                    () -> Objects.requireNonNull(context.getWebServer()).getPort(), SECRET);
        }
    }

    /** Starts the tail once every subscriber is registered. */
    private static final class StartedTail implements SmartLifecycle {
        private final Tail<AccountFact> tail;
        private volatile boolean running;

        StartedTail(Tail<AccountFact> tail) {
            this.tail = tail;
        }

        @Override
        public void start() {
            try {
                tail.start();
                running = true;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Phases.TAILS;
        }
    }
}
