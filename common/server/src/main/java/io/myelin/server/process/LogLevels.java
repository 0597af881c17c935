package io.myelin.server.process;

import io.myelin.settings.LoggingSettings;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.Environment;

/** The levels of the loggers: those of {@code logging.levels}, and this program's own for all others. */
final class LogLevels {
    private final LoggingSystem system = LoggingSystem.get(LogLevels.class.getClassLoader());
    private final Map<String, String> own;
    private Set<String> set = Set.of();

    /** @param environment has this program's own levels at {@code logging.level} */
    LogLevels(Environment environment) {
        own = Binder.get(environment)
                .bind("logging.level", Bindable.mapOf(String.class, String.class))
                .orElse(Map.of());
    }

    /** Sets what is configured; a logger that no longer is gets back the level that it had without. */
    synchronized void apply(LoggingSettings settings) {
        var configured = settings.byLogger();
        var all = new HashSet<>(set);
        all.addAll(configured.keySet());
        all.forEach(logger -> system.setLogLevel(name(logger), level(configured.getOrDefault(logger, own(logger)))));
        set = Set.copyOf(configured.keySet());
    }

    private String own(String logger) {
        return own.getOrDefault(logger, isRoot(logger) ? LogLevel.INFO.name() : "");
    }

    /** Empty for the level of the next longer logger. */
    private static @Nullable LogLevel level(String name) {
        return name.isEmpty() ? null : LogLevel.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static String name(String logger) {
        return isRoot(logger) ? LoggingSystem.ROOT_LOGGER_NAME : logger;
    }

    private static boolean isRoot(String logger) {
        return logger.equalsIgnoreCase(LoggingSystem.ROOT_LOGGER_NAME);
    }
}
