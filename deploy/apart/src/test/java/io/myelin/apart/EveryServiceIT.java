package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every service on the class path is in both shapes of the server, works there, and is reached through the public port. One
 * of them, message-counter, is named nowhere but in the pom.
 */
class EveryServiceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static Stream<Named<ServiceDescription>> services() {
        return ServiceDescriptions.all().stream().map(service -> Named.of(service.name(), service));
    }

    /** A running server of one shape, with the tests for both shapes. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Shape {
        @SuppressWarnings("NullAway.Init") // before every test
        private ApartServer server;

        @SuppressWarnings("NullAway.Init") // before every test
        private Prober prober;

        abstract ApartServer started(Path data) throws Exception;

        ApartServer server() {
            return server;
        }

        @BeforeAll
        void start(@TempDir Path data) throws Exception {
            assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
            server = started(data);
            prober = Prober.registered(server.url());
        }

        @AfterAll
        void stop() {
            if (Gateway.nginx().isPresent()) {
                server.close();
            }
        }

        @ParameterizedTest
        @MethodSource("io.myelin.apart.EveryServiceIT#services")
        void isThereAndHealthy(ServiceDescription service) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(StreamSupport.stream(
                                            prober.get("/_myelin/wiring")
                                                    .path("components")
                                                    .spliterator(),
                                            false)
                                    .filter(part -> part.path("name").asString().equals(service.name())))
                            .hasSize(1)
                            .allSatisfy(part -> {
                                assertThat(part.path("role").asString())
                                        .isEqualTo(service.role().label());
                                assertThat(part.path("instances")).hasSize(1);
                                assertThat(part.path("instances")
                                                .path(0)
                                                .path("healthy")
                                                .asBoolean())
                                        .isTrue();
                            }));
        }

        @ParameterizedTest
        @MethodSource("io.myelin.apart.EveryServiceIT#services")
        void answersThroughThePublicPort(ServiceDescription service) throws Exception {
            assertThat(prober.send(service.probe())).isEqualTo(200);
        }

        @Test
        void messagesAreCounted() {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(prober.get("/_myelin/message_count")
                                    .path("messages")
                                    .asLong())
                            .isEqualTo(1));
        }
    }

    @Nested
    class AllInOne extends Shape {
        @Override
        ApartServer started(Path data) throws Exception {
            return ApartServer.startTogether(data);
        }
    }

    @Nested
    class Apart extends Shape {
        @Override
        ApartServer started(Path data) throws Exception {
            return ApartServer.start(data);
        }

        @ParameterizedTest
        @MethodSource("io.myelin.apart.EveryServiceIT#services")
        void isUp(ServiceDescription service) throws Exception {
            assertThat(server().row(service.name() + "#1").path("health").asString())
                    .isEqualTo("up");
        }
    }
}
