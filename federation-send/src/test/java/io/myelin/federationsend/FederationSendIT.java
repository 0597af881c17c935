package io.myelin.federationsend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.federation.authentication.SignedRequest;
import io.myelin.federation.discovery.SrvLookup;
import io.myelin.federationsend.config.FederationSendConfiguration;
import io.myelin.federationsend.config.FederationSendSettings;
import io.myelin.federationsend.web.FederationRequest;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.outbound.AddressLookup;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.KnownSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.settings.Settings;
import io.myelin.testing.TestCertificate;
import io.myelin.web.WebConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** federation-send behind its port, and another server whose keys it fetches over TLS. */
class FederationSendIT {
    private static final ServerName US = ServerName.parse("us.test");
    private static final ServerName THEM = ServerName.parse("them.test");
    private static final SigningKey OUR_KEY = SigningKey.generate("ed25519:ours", new Random(1));
    private static final SigningKey THEIR_KEY = SigningKey.generate("ed25519:theirs", new Random(2));
    private static final SigningKey STRANGER = SigningKey.generate("ed25519:theirs", new Random(3));
    private static final String OLD_KEY =
            SigningKey.generate("ed25519:old", new Random(4)).verifyKey().toBase64();
    private static final String SIGNED = "/_matrix/federation/v1/test/%2F;x?y=%20z";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static RemoteServer remote;
    private static Path trusted;
    private static ServletWebServerApplicationContext context;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
            })
    @Import({WebConfiguration.class, FederationSendConfiguration.class, SignedController.class})
    static class Application {
        @Bean
        Settings settings() {
            return ConfigurationLoader.load(
                    new StandardEnvironment(),
                    null,
                    Map.of(
                            "server-name",
                            US.value(),
                            "tls.trusted-certificates",
                            trusted.toString(),
                            "federation.allowed-networks",
                            "127.0.0.0/8",
                            "federation.old-verify-keys",
                            "ed25519:old=" + OLD_KEY + "@1500000000000"),
                    KnownSettings.of(FederationSendSettings.class));
        }

        @Bean
        CurrentSettings currentSettings(Settings settings) {
            return new CurrentSettings(settings, KnownSettings.of(FederationSendSettings.class));
        }

        @Bean
        ServerSettings serverSettings(Settings settings) {
            return settings.server();
        }

        @Bean
        FederationSendSettings ownSettings(Settings settings) {
            return settings.of(FederationSendSettings.class);
        }

        @Bean
        SigningKey signingKey() {
            return OUR_KEY;
        }

        /** Resolves one other server only. */
        @Bean
        AddressLookup addresses() {
            return endpoint -> {
                if (endpoint.host().equals(THEM.value()) && endpoint.port() == 8448) {
                    return List.of(remote.address());
                }
                throw new UnknownHostException(endpoint.host());
            };
        }

        @Bean
        SrvLookup records() {
            return _ -> List.of();
        }
    }

    /** A controller as federation will have. */
    @RestController
    static class SignedController {
        @RequestMapping(
                path = "/_matrix/federation/v1/test/{id}",
                method = {RequestMethod.GET, RequestMethod.PUT})
        JsonObject test(FederationRequest request) {
            return JsonObject.builder()
                    .put("origin", request.origin().value())
                    .put("content", request.content() == null ? Json.of("none") : request.content())
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        var certificate = TestCertificate.of(THEM.value());
        trusted = certificate.writeTo(directory.resolve("trusted.pem"));
        remote = new RemoteServer(certificate)
                .says("/_matrix/key/v2/server", 200, theirKeys().toString());
        var application = new SpringApplication(Application.class);
        application.setDefaultProperties(Map.of("server.port", "0", "spring.main.banner-mode", "off"));
        context = (ServletWebServerApplicationContext) application.run();
    }

    @AfterAll
    static void stop() {
        context.close();
        remote.close();
    }

    private static JsonObject theirKeys() {
        var keys = JsonObject.builder()
                .put("server_name", THEM.value())
                .put("valid_until_ts", Instant.now().plus(Duration.ofDays(1)).toEpochMilli())
                .put(
                        "verify_keys",
                        JsonObject.of(
                                THEIR_KEY.keyId(),
                                JsonObject.of("key", THEIR_KEY.verifyKey().toBase64())))
                .build();
        return SignedJson.sign(keys, THEM.value(), THEIR_KEY);
    }

    private record Answer(int status, JsonObject body) {
        JsonObject ok() {
            assertThat(status).as(body.toString()).isEqualTo(200);
            return body;
        }

        void isRefused(int expectedStatus, String errcode) {
            assertThat(status + " " + body.string("errcode").orElse(""))
                    .as(body.toString())
                    .isEqualTo(expectedStatus + " " + errcode);
        }
    }

    private static Answer ask(String method, String path, @Nullable String authorization, @Nullable String body) {
        int port = Objects.requireNonNull(context.getWebServer()).getPort();
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JsonParser.parseObject(response.body()));
        } catch (IOException e) {
            throw new AssertionError("federation-send cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Answer get(String path) {
        return ask("GET", path, null, null);
    }

    private static String signed(SigningKey key, String method, ServerName to, @Nullable String body) {
        Json content = body == null ? null : JsonParser.parse(body.getBytes(UTF_8));
        return new SignedRequest(method, SIGNED, THEM, to, content).sign(key).header();
    }

    @Test
    void tellsWhatItIs() {
        var server = get("/_matrix/federation/v1/version").ok().object("server").orElseThrow();
        assertThat(server.string("name")).contains("Myelin");
        assertThat(server.string("version").orElseThrow()).matches("\\d+\\.\\d+.*");
    }

    @Test
    void doesNotKnowOtherPathsAndMethods() {
        get("/_matrix/federation/v1/nothing").isRefused(404, "M_UNRECOGNIZED");
        get("/_matrix/key/v2/nothing").isRefused(404, "M_UNRECOGNIZED");
        ask("POST", "/_matrix/federation/v1/version", null, "{}").isRefused(405, "M_UNRECOGNIZED");
        ask("PUT", "/_matrix/key/v2/server", null, "{}").isRefused(405, "M_UNRECOGNIZED");
    }

    @Test
    void publishesItsKeys() {
        var keys = get("/_matrix/key/v2/server").ok();
        assertThat(SignedJson.verify(keys, US.value(), OUR_KEY.keyId(), OUR_KEY.verifyKey()))
                .isTrue();
        assertThat(keys.object("old_verify_keys").orElseThrow().object("ed25519:old"))
                .contains(JsonObject.of("key", OLD_KEY).with("expired_ts", 1_500_000_000_000L));
        assertThat(get("/_matrix/key/v2/server/ed25519:any").ok().object("verify_keys"))
                .isEqualTo(keys.object("verify_keys"));
    }

    @Test
    void admitsWhatAnotherServerSigned() {
        var body = "{\"a\": [1, \"ü\"]}";
        assertThat(ask("PUT", SIGNED, signed(THEIR_KEY, "PUT", US, body), body).ok())
                .isEqualTo(JsonParser.parseObject(
                        "{\"origin\":\"them.test\",\"content\":{\"a\":[1,\"ü\"]}}".getBytes(UTF_8)));
        assertThat(ask("GET", SIGNED, signed(THEIR_KEY, "GET", US, null), null)
                        .ok()
                        .string("content"))
                .contains("none");
        assertThat(remote.seen())
                .filteredOn(seen -> seen.path().startsWith("/_matrix"))
                .hasSize(1);
    }

    @Test
    void refusesWhatNobodySigned() {
        var header = signed(THEIR_KEY, "PUT", US, "{\"a\":1}");
        ask("PUT", SIGNED, null, "{}").isRefused(401, "M_UNAUTHORIZED");
        ask("PUT", SIGNED, "X-Matrix origin=them.test", "{}").isRefused(401, "M_UNAUTHORIZED");
        ask("PUT", SIGNED, header, "{\"a\":2}").isRefused(401, "M_UNAUTHORIZED");
        ask("PUT", SIGNED + "2", header, "{\"a\":1}").isRefused(401, "M_UNAUTHORIZED");
        ask("PUT", SIGNED, header.replace("them.test", "nowhere.test"), "{\"a\":1}")
                .isRefused(401, "M_UNAUTHORIZED");
        ask("PUT", SIGNED, signed(STRANGER, "PUT", US, "{}"), "{}").isRefused(401, "M_UNAUTHORIZED");
        ask("PUT", SIGNED, signed(THEIR_KEY, "PUT", ServerName.parse("else.test"), "{}"), "{}")
                .isRefused(401, "M_UNAUTHORIZED");
    }

    @Test
    void refusesABodyThatIsNoJson() {
        ask("PUT", SIGNED, signed(THEIR_KEY, "PUT", US, "{}"), "{").isRefused(400, "M_NOT_JSON");
    }

    @Test
    void vouchesForTheKeysOfOthersAndItsOwn() {
        var theirs = onlyKeys(get("/_matrix/key/v2/query/them.test").ok());
        assertThat(SignedJson.verify(theirs, THEM.value(), THEIR_KEY.keyId(), THEIR_KEY.verifyKey()))
                .isTrue();
        assertThat(SignedJson.verify(theirs, US.value(), OUR_KEY.keyId(), OUR_KEY.verifyKey()))
                .isTrue();
        assertThat(onlyKeys(get("/_matrix/key/v2/query/us.test").ok()).string("server_name"))
                .contains("us.test");
    }

    @Test
    void vouchesForManyAtOnceAndLeavesOutWhomItCannotAsk() {
        var keys = ask(
                        "POST",
                        "/_matrix/key/v2/query",
                        null,
                        "{\"server_keys\":{\"them.test\":{\"ed25519:theirs\":{\"minimum_valid_until_ts\":1}},"
                                + "\"us.test\":{},\"nowhere.test\":{}}}")
                .ok()
                .array("server_keys")
                .orElseThrow();
        assertThat(keys.stream()
                        .map(key -> ((JsonObject) key).string("server_name").orElseThrow()))
                .containsExactlyInAnyOrder("them.test", "us.test");
        ask("POST", "/_matrix/key/v2/query", null, "{}").isRefused(400, "M_MISSING_PARAM");
        assertThat(get("/_matrix/key/v2/query/nowhere.test")
                        .ok()
                        .array("server_keys")
                        .orElseThrow()
                        .isEmpty())
                .isTrue();
    }

    private static JsonObject onlyKeys(JsonObject answer) {
        var keys = answer.array("server_keys").orElseThrow();
        assertThat(keys.size()).isEqualTo(1);
        return (JsonObject) keys.get(0);
    }
}
