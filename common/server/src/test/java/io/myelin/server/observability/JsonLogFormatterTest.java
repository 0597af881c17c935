package io.myelin.server.observability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.myelin.matrix.id.RoomId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLogFormatterTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final LoggerContext loggers = new LoggerContext();
    private final JsonLogFormatter formatter = new JsonLogFormatter(environment());

    private static StandardEnvironment environment() {
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "process",
                        Map.of(JsonLogFormatter.SERVICE, "room-server", JsonLogFormatter.INSTANCE, "room-server#1")));
        return environment;
    }

    private LoggingEvent event(String message, @Nullable Throwable thrown, Object... arguments) {
        return event(Map.of(), message, thrown, arguments);
    }

    private LoggingEvent event(
            Map<String, String> ofRequest, String message, @Nullable Throwable thrown, Object... arguments) {
        var event = new LoggingEvent(
                "test", loggers.getLogger("io.myelin.kafka.ShardLoop"), Level.WARN, message, thrown, arguments);
        event.setInstant(Instant.parse("2026-11-30T20:00:00.123456Z"));
        event.setMDCPropertyMap(ofRequest);
        return event;
    }

    private String line(LoggingEvent event) {
        var line = formatter.format(event);
        assertThat(line).endsWith("\n");
        assertThat(line.lines()).hasSize(1);
        return line;
    }

    private JsonNode read(LoggingEvent event) {
        return JSON.readTree(line(event));
    }

    @Test
    void saysWhenWhereAndWhat() {
        var json = read(event("one \"line\"\nand another {}", null, "\u0000 \uD83D\uDE00"));

        assertThat(json.path("time").asString()).isEqualTo("2026-11-30T20:00:00.123456Z");
        assertThat(json.path("level").asString()).isEqualTo("WARN");
        assertThat(json.path("logger").asString()).isEqualTo("io.myelin.kafka.ShardLoop");
        assertThat(json.path("message").asString()).isEqualTo("one \"line\"\nand another \u0000 \uD83D\uDE00");
        assertThat(json.path("service").asString()).isEqualTo("room-server");
        assertThat(json.path("instance").asString()).isEqualTo("room-server#1");
        assertThat(json.propertyNames()).doesNotContain("request", "shard", "room", "exception");
    }

    @Test
    void namesTheShardAndTheRoomOfTheMessage() {
        var json = read(event("Shard {} of {} has {}", null, 7, "room", new RoomId("!a:example.org")));

        assertThat(json.path("shard").asInt()).isEqualTo(7);
        assertThat(json.path("room").asString()).isEqualTo("!a:example.org");
        assertThat(read(event("Offset {} of shard {}", null, 12, 3))
                        .path("shard")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void namesTheRoomOfAnEntity() {
        assertThat(read(event("{} cannot be read", null, "room:!a:example.org"))
                        .path("room")
                        .asString())
                .isEqualTo("!a:example.org");
        assertThat(read(event("{} cannot be read", null, List.of("room:!b")))
                        .path("room")
                        .asString())
                .isEqualTo("!b");
        assertThat(read(event("{} cannot be read", null, "user:@a:b")).has("room"))
                .isFalse();
        assertThat(read(event("{} wants !a:b", null, "A sentence! Really")).has("room"))
                .isFalse();
    }

    @Test
    void namesTheRequestAndItsRoom() {
        var json =
                read(event(Map.of(RequestLogContext.REQUEST, "abc", RequestLogContext.ROOM, "!c:d"), "too late", null));

        assertThat(json.path("request").asString()).isEqualTo("abc");
        assertThat(json.path("room").asString()).isEqualTo("!c:d");
    }

    @Test
    void writesAnExceptionIntoTheSameLine() {
        var json = read(event("failed", new IllegalStateException("outer", new RuntimeException("inner"))));

        assertThat(json.path("exception").asString())
                .startsWith("java.lang.IllegalStateException: outer")
                .contains("Caused by: java.lang.RuntimeException: inner")
                .contains("JsonLogFormatterTest");
    }

    @Test
    void cutsOffWhatIsTooLong() {
        var most = JsonLogFormatter.MESSAGE_CHARACTERS;
        var message = read(event("x".repeat(most - 1) + "\uD83D\uDE00" + "y".repeat(100), null))
                .path("message")
                .asString();
        assertThat(message).isEqualTo("x".repeat(most - 1) + "... (102 more characters)");

        var deep = new RuntimeException("z".repeat(2 * JsonLogFormatter.EXCEPTION_CHARACTERS));
        assertThat(line(event("failed", deep)).length()).isLessThan(JsonLogFormatter.EXCEPTION_CHARACTERS + 1000);
    }
}
