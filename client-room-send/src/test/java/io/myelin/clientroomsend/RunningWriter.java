package io.myelin.clientroomsend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.config.ClientRoomSendConfiguration;
import io.myelin.clientroomsend.config.ClientRoomSendSettings;
import io.myelin.clientroomsend.kafka.CommandClient;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.KnownSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.settings.Settings;
import io.myelin.web.WebConfiguration;
import io.myelin.web.session.Authenticator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;

/** The whole writer behind its port, with a fake room-server and a fake account-server. */
public final class RunningWriter {
    public static final ServerName SERVER = ServerName.parse("localhost");
    public static final UserId ALICE = UserId.of("alice", SERVER);
    public static final UserId BOB = UserId.of("bob", SERVER);
    public static final UserId ADMIN = UserId.of("admin", SERVER);
    public static final UserId GUEST = UserId.of("guest", SERVER);
    public static final UserId SUSPENDED = UserId.of("suspended", SERVER);
    public static final RoomId ROOM = RoomId.parse("!room:localhost");

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final FakeRooms ROOMS = new FakeRooms();
    private static final FakeAccounts ACCOUNTS = new FakeAccounts();
    private static final FakeReceipts RECEIPTS = new FakeReceipts();
    private static final FakeSignals SIGNALS = new FakeSignals();
    private static final FakeDelayedEvents DELAYED = new FakeDelayedEvents();
    private static final FakeReports REPORTS = new FakeReports();
    private static final FakeIdentityLookups IDENTITIES = new FakeIdentityLookups();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
            })
    @Import({WebConfiguration.class, ClientRoomSendConfiguration.class})
    static class Application {
        @Bean
        Settings settings() {
            return ConfigurationLoader.load(
                    new StandardEnvironment(),
                    null,
                    Map.of("test-mode", "true"),
                    KnownSettings.of(ClientRoomSendSettings.class));
        }

        @Bean
        CurrentSettings currentSettings(Settings settings) {
            return new CurrentSettings(settings, KnownSettings.of(ClientRoomSendSettings.class));
        }

        @Bean
        ServerSettings serverSettings(Settings settings) {
            return settings.server();
        }

        @Bean
        ClientRoomSendSettings ownSettings(Settings settings) {
            return settings.of(ClientRoomSendSettings.class);
        }

        @Bean
        Authenticator authenticator(AccountQueries accounts) {
            return new Authenticator(SERVER, 16, accounts, _ -> CompletableFuture.completedFuture(null));
        }

        @Bean
        AccountQueries accountQueries() {
            return ACCOUNTS;
        }

        /** Never used: fakes record the commands that would be published. */
        @Bean
        CommandClient commandDoor() {
            return new CommandClient(
                    (_, _, _, _, _, _) -> CompletableFuture.failedFuture(new Unavailable("There is no broker")),
                    16,
                    UUID::randomUUID,
                    1);
        }

        /** Also records the commands that would be published. */
        @Bean
        FakeRooms roomCommands() {
            return ROOMS;
        }

        @Bean
        FakeReceipts receiptCommands() {
            return RECEIPTS;
        }

        @Bean
        PresenceQueries presenceQueries() {
            return new PresenceQueries() {
                @Override
                public ShardValues<UserPresence> values(int shard) {
                    throw new Unavailable("There is no owner");
                }

                @Override
                public ShardValues<UserPresence> presenceOf(int shard, UserId user) {
                    throw new Unavailable("There is no owner");
                }
            };
        }

        @Bean
        FakeDelayedEvents delayedEvents() {
            return DELAYED;
        }

        @Bean
        FakeReports reports() {
            return REPORTS;
        }

        @Bean
        FakeIdentityLookups identityLookups() {
            return IDENTITIES;
        }

        @Bean
        FakeSignals signals() {
            return SIGNALS;
        }
    }

    /** An HTTP answer. */
    public record Answer(int status, JsonObject body) {
        public JsonObject ok() {
            assertThat(status).as(body.toString()).isEqualTo(200);
            return body;
        }

        public void isRefused(int expectedStatus, String errcode) {
            assertThat(status + " " + body.string("errcode").orElse(""))
                    .as(body.toString())
                    .isEqualTo(expectedStatus + " " + errcode);
            assertThat(body.string("error").orElse("")).endsWith(".");
        }
    }

    /** The shared writer, started on first use and stopped with the JVM. */
    private static final class Shared {
        static final RunningWriter WRITER = new RunningWriter();
    }

    private final int port;
    private final Map<UserId, String> tokens;

    private RunningWriter() {
        tokens = Map.of(
                ALICE,
                ACCOUNTS.add(ALICE, false),
                BOB,
                ACCOUNTS.add(BOB, false),
                ADMIN,
                ACCOUNTS.add(ADMIN, false, true),
                GUEST,
                ACCOUNTS.add(GUEST, true),
                SUSPENDED,
                ACCOUNTS.addSuspended(SUSPENDED));
        var application = new SpringApplication(Application.class);
        application.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.main.allow-bean-definition-overriding", "true"));
        var context = (ServletWebServerApplicationContext) application.run();
        port = Objects.requireNonNull(context.getWebServer()).getPort();
    }

    /** The only writer of this JVM. A test resets the fakes that it looks at. */
    public static RunningWriter shared() {
        return Shared.WRITER;
    }

    public FakeRooms rooms() {
        return ROOMS;
    }

    public FakeReceipts receipts() {
        return RECEIPTS;
    }

    public FakeSignals signals() {
        return SIGNALS;
    }

    public FakeDelayedEvents delayedEvents() {
        return DELAYED;
    }

    public FakeReports reports() {
        return REPORTS;
    }

    public FakeIdentityLookups identities() {
        return IDENTITIES;
    }

    /** Whether account-server is of the release before. */
    public void olderAccountServer(boolean isOlder) {
        ACCOUNTS.older(isOlder);
    }

    /** Sets an item of a user's account data; null removes it. */
    public void accountData(UserId user, String type, @Nullable String content) {
        ACCOUNTS.accountData(user, type, content);
    }

    public Answer put(String path, String body) {
        return as(ALICE, "PUT", path, body);
    }

    public Answer post(String path, String body) {
        return as(ALICE, "POST", path, body);
    }

    public Answer get(String path) {
        return as(ALICE, "GET", path, null);
    }

    public Answer delete(String path) {
        return as(ALICE, "DELETE", path, null);
    }

    /**
     * Makes a request.
     *
     * @param user null for a request without an access token
     * @param path the part after {@code /_matrix/client/v3/}
     */
    public Answer as(@Nullable UserId user, String method, String path, @Nullable String body) {
        return at(user, method, "/_matrix/client/v3/" + path, body);
    }

    /** As above, with the whole path. */
    public Answer at(@Nullable UserId user, String method, String path, @Nullable String body) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (user != null) {
            request.header("Authorization", "Bearer " + tokens.get(user));
        }
        try {
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JsonParser.parseObject(response.body()));
        } catch (IOException e) {
            throw new AssertionError("The writer cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
