package io.myelin.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.IdentityLookups;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.TypingContracts;
import io.myelin.contracts.typing.TypingQueries;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.Version;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.InternalSecret;
import io.myelin.web.MatrixException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls whose first instance does not answer, or is not the shard's owner. */
class RemoteCallsTest {
    private static final ShardValues<RoomTyping> NOBODY = new ShardValues<>(new Version(1, 2), List.of());
    private static final URI DEAD = URI.create("http://127.0.0.1:" + TwoProcesses.freePort());

    private static final IdentityLookups.Address ADDRESS =
            new IdentityLookups.Address("id.example.org", "token", "email", "a@example.org");

    private final TwoProcesses.Ownership ownership = new TwoProcesses.Ownership(TypingContracts.QUERIES.service());

    private Served<TypingQueries> serving(TypingQueries typing) {
        return new Served<>(TypingContracts.QUERIES, typing, ownership);
    }

    @Test
    void passesOverAnInstanceThatIsDead() {
        try (var processes = TwoProcesses.serving(serving(_ -> NOBODY))) {
            var remote = TwoProcesses.proxy(TypingContracts.QUERIES, DEAD, processes.internal.url());
            assertThat(remote.values(1)).isEqualTo(NOBODY);
        }
    }

    /** An owner that is dead is passed over soon; one that is slow, on a busy machine or just started, is waited for. */
    @Test
    void anAttemptMayTakeTwiceAsLongInEachRound() {
        assertThat(IntStream.range(0, 5)
                        .mapToObj(round -> Duration.ofNanos(RemoteCalls.mostNanos(2, round)))
                        .map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 5L, 5L);
        assertThat(RemoteCalls.mostNanos(2, 1_000)).isEqualTo(RemoteCalls.mostNanos(1, 0));
    }

    @Test
    void isLedToTheOwner() {
        try (var owner = TwoProcesses.serving(serving(_ -> NOBODY))) {
            var elsewhere = new TwoProcesses.Ownership(TypingContracts.QUERIES.service());
            elsewhere.ownsAll = false;
            elsewhere.owner = owner.internal.url();
            var other = new Served<>(TypingContracts.QUERIES, (TypingQueries) _ -> NOBODY, elsewhere);
            try (var processes = TwoProcesses.serving(other)) {
                assertThat(processes.proxy(TypingContracts.QUERIES).values(1)).isEqualTo(NOBODY);
            }
        }
    }

    @Test
    void asksAgainWhatCouldNotBeAnsweredAtFirst() {
        var asked = new AtomicInteger();
        try (var processes = TwoProcesses.serving(serving(_ -> {
            if (asked.incrementAndGet() < 3) {
                throw new Unavailable("not yet");
            }
            return NOBODY;
        }))) {
            assertThat(processes.proxy(TypingContracts.QUERIES).values(1)).isEqualTo(NOBODY);
        }
    }

    @Test
    void refusalsArriveAsTheyWereGiven() {
        try (var processes = TwoProcesses.serving(serving(shard -> {
            throw shard == 1
                    ? new IllegalArgumentException("no such shard")
                    : new MatrixException(403, JsonObject.of("errcode", "M_FORBIDDEN"));
        }))) {
            var remote = processes.proxy(TypingContracts.QUERIES);
            assertThatThrownBy(() -> remote.values(1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no such shard");
            assertThatThrownBy(() -> remote.values(2))
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(403));
        }
    }

    @Test
    void whatNobodyServesIsUnavailable() {
        assertThatThrownBy(
                        () -> TwoProcesses.proxy(TypingContracts.QUERIES, DEAD).values(1))
                .isInstanceOf(Unavailable.class);
    }

    /** The impostor is another user of the machine that listens at the port of a process that is down. */
    @Test
    void impostorNeitherLearnsTheSecretNorIsBelieved() throws Exception {
        var heard = new ConcurrentLinkedQueue<String>();
        var impostor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        impostor.createContext("/", exchange -> {
            heard.add(exchange.getRequestHeaders().entrySet()
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var answer = Cbor.encode(NOBODY);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        impostor.start();
        try {
            var remote = TwoProcesses.proxy(
                    TypingContracts.QUERIES,
                    URI.create("http://127.0.0.1:" + impostor.getAddress().getPort()));
            assertThatThrownBy(() -> remote.values(1))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("does not prove");
        } finally {
            impostor.stop(0);
        }
        assertThat(heard).isNotEmpty().noneMatch(request -> request.contains(TwoProcesses.SECRET));
    }

    @Test
    void failureIsToldThatSaysMoreThanThatTimeWasUp() throws Exception {
        var first = new AtomicBoolean(true);
        var end = new CompletableFuture<Void>();
        var instance = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        instance.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        instance.createContext("/", exchange -> {
            if (!exchange.getRequestURI().getPath().endsWith("owners") && !first.getAndSet(false)) {
                // Silent until the test is over.
                end.join();
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        instance.start();
        try {
            var remote = TwoProcesses.proxy(
                    TypingContracts.QUERIES,
                    URI.create("http://127.0.0.1:" + instance.getAddress().getPort()));
            assertThatThrownBy(() -> remote.values(1))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("does not prove");
        } finally {
            end.complete(null);
            instance.stop(0);
        }
    }

    /** What was sent and got no answer may have been done. */
    @Test
    void whatMustNotBeDoneTwiceIsSentOnce() throws Exception {
        var heard = new AtomicInteger();
        var silent = List.of(closingConnections(heard), closingConnections(heard));
        try {
            var remote = TwoProcesses.proxy(
                    AccountContracts.IDENTITY_LOOKUPS,
                    silent.stream()
                            .map(server -> URI.create(
                                    "http://127.0.0.1:" + server.getAddress().getPort()))
                            .toArray(URI[]::new));
            assertThatThrownBy(() -> remote.invite(ADDRESS, new byte[0])).isInstanceOf(Unavailable.class);
        } finally {
            silent.forEach(server -> server.stop(0));
        }
        assertThat(heard).hasValue(1);
    }

    @Test
    void whatMustNotBeDoneTwicePassesOverAnInstanceThatIsDead() {
        IdentityLookups lookups = new IdentityLookups() {
            @Override
            public Found find(Address address) {
                return new Found(null, null);
            }

            @Override
            public Invited invite(Address address, byte[] invitation) {
                return new Invited(null, MatrixError.forbidden("asked " + invitation.length));
            }

            @Override
            public boolean isValid(Key key) {
                return true;
            }
        };
        try (var processes = TwoProcesses.serving(AccountContracts.IDENTITY_LOOKUPS, lookups)) {
            var remote = TwoProcesses.proxy(AccountContracts.IDENTITY_LOOKUPS, DEAD, processes.internal.url());
            assertThat(remote.invite(ADDRESS, new byte[3]).error()).isEqualTo(MatrixError.forbidden("asked 3"));
        }
    }

    private static HttpServer closingConnections(AtomicInteger heard) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/invite")) {
                heard.incrementAndGet();
            }
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void internalPathsDoNotExistOnTheClientPortNorForStrangers() throws Exception {
        try (var processes = TwoProcesses.serving(serving(_ -> NOBODY));
                var http = HttpClient.newHttpClient()) {
            for (var path : List.of("queries/values", "committed", "owners")) {
                for (var method : List.of("GET", "POST")) {
                    for (var port : List.of(processes.client, processes.internal.url())) {
                        var secret =
                                new InternalSecret(port.equals(processes.client) ? TwoProcesses.SECRET : "a guess");
                        var address = URI.create(port + Operations.paths(TypingContracts.QUERIES.service()) + path);
                        var proof = secret.prove(method, address, "{}".getBytes(StandardCharsets.UTF_8));
                        var request = HttpRequest.newBuilder(address)
                                .header(InternalSecret.REQUEST, proof.header())
                                .method(method, BodyPublishers.ofString("{}"))
                                .build();
                        var answer = http.send(request, BodyHandlers.ofString());
                        assertThat(answer.statusCode())
                                .as("%s %s", method, request.uri())
                                .isEqualTo(404);
                        assertThat(answer.body()).contains("M_UNRECOGNIZED");
                    }
                }
            }
        }
    }
}
