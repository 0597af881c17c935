package io.myelin.settings;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a running process. Some may change while it runs: those whose {@link Setting#reloadable} is true. Whoever
 * uses one of them asks this class at each use, and never keeps the value. All other settings stay as they were at the
 * start.
 *
 * <p>Thread-safe. All settings of a reload change together.
 */
public final class CurrentSettings {
    private final KnownSettings known;
    private volatile Loaded loaded;

    private record Loaded(Settings settings, Map<Class<?>, Record> byType) {
        static Loaded of(Settings settings) {
            return new Loaded(
                    settings,
                    Stream.concat(Stream.of((Record) settings.server()), settings.ofServices().stream())
                            .collect(Collectors.toUnmodifiableMap(Record::getClass, Function.identity())));
        }
    }

    /**
     * What a reload came to.
     *
     * @param changed the keys of the settings that differ; all of them took effect if {@code needRestart} is empty, else none
     * @param needRestart those of them that cannot change while the process runs
     */
    public record Reload(List<String> changed, List<String> needRestart) {
        public boolean isDone() {
            return needRestart.isEmpty();
        }
    }

    public CurrentSettings(Settings settings, KnownSettings known) {
        this.known = known;
        this.loaded = Loaded.of(settings);
    }

    /** Settings of the whole server alone, as in tests of parts that need no others. */
    public static CurrentSettings of(ServerSettings server) {
        return new CurrentSettings(new Settings(server, List.of(), Map.of()), KnownSettings.NOTHING_ELSE);
    }

    public ServerSettings server() {
        return loaded.settings().server();
    }

    /**
     * The settings of a service.
     *
     * @throws IllegalArgumentException if the type is not among the {@link KnownSettings}
     */
    public <T extends Record> T of(Class<T> type) {
        var found = loaded.byType().get(type);
        if (found == null) {
            throw new IllegalArgumentException(type + " was not read");
        }
        return type.cast(found);
    }

    /** Replaces all settings, unless one has changed that is not reloadable: then everything stays as it is. */
    public synchronized Reload reload(Settings next) {
        var before = loaded.settings();
        var changed = SettingDescription.all(known).stream()
                .filter(setting -> !setting.in(before).equals(setting.in(next)))
                .toList();
        var needRestart = changed.stream()
                .filter(setting -> !setting.rule().reloadable())
                .map(SettingDescription::key)
                .toList();
        if (needRestart.isEmpty()) {
            loaded = Loaded.of(next);
        }
        return new Reload(changed.stream().map(SettingDescription::key).toList(), needRestart);
    }
}
