package io.myelin.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.settings.LoggingSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class LogLevelsTest {
    private static final String OURS = "test.levels.ours";
    private static final String LIBRARY = "test.levels.library";

    private final LogLevels levels = new LogLevels(environment());

    private static StandardEnvironment environment() {
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("own", Map.of("logging.level." + LIBRARY, "ERROR")));
        return environment;
    }

    private static @Nullable LogLevel levelOf(String logger) {
        var configuration =
                LoggingSystem.get(LogLevelsTest.class.getClassLoader()).getLoggerConfiguration(logger);
        return configuration == null ? null : configuration.getConfiguredLevel();
    }

    @AfterEach
    void takeBack() {
        levels.apply(new LoggingSettings("text", null));
    }

    @Test
    void setsLevelsAndTakesThemBack() {
        levels.apply(new LoggingSettings("text", OURS + "=DEBUG," + LIBRARY + "=TRACE"));
        assertThat(levelOf(OURS)).isEqualTo(LogLevel.DEBUG);
        assertThat(levelOf(LIBRARY)).isEqualTo(LogLevel.TRACE);

        levels.apply(new LoggingSettings("text", OURS + "=WARN"));
        assertThat(levelOf(OURS)).isEqualTo(LogLevel.WARN);
        assertThat(levelOf(LIBRARY)).isEqualTo(LogLevel.ERROR);

        levels.apply(new LoggingSettings("text", null));
        assertThat(levelOf(OURS)).isNull();
    }
}
