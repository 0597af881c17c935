package io.myelin.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads the configuration: arguments override the environment, which overrides {@code myelin.yaml}, which overrides the
 * defaults.
 *
 * <p>Mistakes are never ignored: an unknown key in the file, an unknown {@code MYELIN_...} variable and a value that is
 * not allowed are refused, and the message says where they are and what is allowed.
 */
public final class ConfigurationLoader {
    private static final String PREFIX = "myelin.";
    private static final Pattern LOOPBACK = Pattern.compile("127\\.[0-9.]+|\\[?::1]?|localhost");
    /** Variables of the launcher, which are not the server's settings. */
    private static final List<String> LAUNCHER_VARIABLES = List.of("MYELIN_BUILD", "MYELIN_JAVA_OPTIONS");

    private final ConfigurableEnvironment environment;
    private final @Nullable Path file;
    private final KnownSettings known;
    private final List<SettingDescription> settings;

    private ConfigurationLoader(ConfigurableEnvironment environment, @Nullable Path file, KnownSettings known) {
        this.environment = environment;
        this.file = file;
        this.known = known;
        this.settings = SettingDescription.all(known);
    }

    /**
     * Adds the file's settings and the arguments to {@code environment}, and returns the whole configuration, checked.
     *
     * @param file {@code myelin.yaml}, null if there is none
     * @param arguments settings by their key, without the prefix
     * @param known the settings that are allowed
     * @throws ConfigurationRefused if the configuration has a mistake
     */
    public static Settings load(
            ConfigurableEnvironment environment,
            @Nullable Path file,
            Map<String, String> arguments,
            KnownSettings known) {
        return new ConfigurationLoader(environment, file, known).load(arguments);
    }

    /** The same without settings of services. */
    public static ServerSettings load(
            ConfigurableEnvironment environment, @Nullable Path file, Map<String, String> arguments) {
        return load(environment, file, arguments, KnownSettings.NOTHING_ELSE).server();
    }

    private Settings load(Map<String, String> arguments) {
        var mistakes = new ArrayList<String>();
        if (file != null) {
            var yaml = read(file);
            mistakes.addAll(unknownKeys(yaml));
            environment.getPropertySources().addLast(yaml);
        }
        mistakes.addAll(unknownVariables());
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "arguments",
                        arguments.entrySet().stream()
                                .collect(Collectors.toMap(e -> PREFIX + e.getKey(), Map.Entry::getValue))));
        var bound = bind(mistakes);
        for (var setting : settings) {
            if (!setting.allows(setting.in(bound).orElse(null))) {
                mistakes.add(refusal(setting));
            }
        }
        var server = bound.server();
        if ((server.tls().certificate() == null) != (server.tls().privateKey() == null)) {
            mistakes.add("tls.certificate and tls.private-key belong together: set both or neither.");
        }
        if (server.database().password() != null && server.database().passwordFile() != null) {
            mistakes.add("database.password and database.password-file are both set: set one of them.");
        }
        if (server.testMode() && !server.testModeExposed()) {
            mistakes.addAll(listenersThatAreExposed(server.listeners()));
        }
        if (!mistakes.isEmpty()) {
            throw new ConfigurationRefused(mistakes);
        }
        return bound;
    }

    private static List<String> listenersThatAreExposed(ListenerSettings listeners) {
        return Stream.of(listeners.address(), listeners.internalAddress())
                .filter(address -> !LOOPBACK.matcher(address).matches())
                .distinct()
                .map(address -> "test-mode makes this server insecure, and others than this machine reach " + address
                        + ". Listen on 127.0.0.1, or set test-mode-exposed too.")
                .toList();
    }

    private Settings bind(List<String> mistakes) {
        try {
            var bound = new Settings(
                    bind(ServerSettings.class),
                    known.ofServices().stream().<Record>map(this::bind).toList(),
                    ofEachService());
            if (mistakes.isEmpty()) {
                return bound;
            }
        } catch (BindException e) {
            // The exception names the first mistake only.
            mistakes.addAll(valuesOfWrongType());
        }
        throw new ConfigurationRefused(mistakes);
    }

    private Map<String, String> ofEachService() {
        var values = new HashMap<String, String>();
        settings.stream()
                .filter(setting -> setting.place() == null)
                .forEach(setting -> binder().bind(PREFIX + setting.key(), Bindable.of(String.class))
                        .ifBound(value -> values.put(setting.key(), value)));
        return Map.copyOf(values);
    }

    private <T> T bind(Class<T> type) {
        return binder().bindOrCreate("myelin", Bindable.of(type));
    }

    private static EnumerablePropertySource<?> read(Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigurationRefused(List.of(file + " cannot be read."));
        }
        try {
            var sources = new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file));
            if (sources.size() > 1) {
                throw new ConfigurationRefused(List.of(file + " has more than one YAML document."));
            }
            return sources.isEmpty()
                    ? new MapPropertySource(file.toString(), Map.of())
                    : new PrefixedFile((OriginTrackedMapPropertySource) sources.getFirst());
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            throw new ConfigurationRefused(
                    List.of(file + (mark == null ? "" : ":" + (mark.getLine() + 1)) + ": not YAML: " + e.getProblem()));
        } catch (IOException | IllegalStateException e) {
            throw new ConfigurationRefused(List.of(file + " cannot be read: " + e.getMessage()));
        }
    }

    private List<String> unknownKeys(EnumerablePropertySource<?> yaml) {
        var mistakes = new ArrayList<String>();
        for (var name : yaml.getPropertyNames()) {
            var key = name.substring(PREFIX.length());
            if (settings.stream().noneMatch(s -> s.key().equals(key))) {
                mistakes.add(place(yaml, name) + key + ": there is no such key. " + nearest(key));
            }
        }
        return mistakes;
    }

    private String nearest(String key) {
        var section = key.contains(".") ? key.substring(0, key.indexOf('.') + 1) : "";
        var sameSection = settings.stream()
                .map(SettingDescription::key)
                .filter(k -> section.isEmpty() ? !k.contains(".") : k.startsWith(section))
                .toList();
        if (sameSection.isEmpty()) {
            var sections = settings.stream()
                    .map(s -> s.key().split("\\.", -1)[0])
                    .distinct()
                    .collect(Collectors.joining(", "));
            return "Allowed at the top are: " + sections + ".";
        }
        return "Allowed here are: " + String.join(", ", sameSection) + ".";
    }

    private List<String> unknownVariables() {
        var known =
                settings.stream().map(SettingDescription::environmentVariable).collect(Collectors.toSet());
        return environment.getSystemEnvironment().keySet().stream()
                .filter(v -> v.startsWith("MYELIN_") && !known.contains(v) && !LAUNCHER_VARIABLES.contains(v))
                .sorted()
                .map(v -> "Environment variable " + v + ": there is no such setting.")
                .toList();
    }

    private List<String> valuesOfWrongType() {
        var mistakes = new ArrayList<String>();
        for (var setting : settings) {
            try {
                binder().bind(PREFIX + setting.key(), Bindable.of(setting.type()));
            } catch (BindException e) {
                mistakes.add(refusal(setting));
            }
        }
        return mistakes;
    }

    private String refusal(SettingDescription setting) {
        var name = ConfigurationPropertyName.of(PREFIX + setting.key());
        for (var source : ConfigurationPropertySources.get(environment)) {
            var property = source.getConfigurationProperty(name);
            if (property != null) {
                var value = setting.rule().secret() ? "(a secret)" : "'" + property.getValue() + "'";
                return place((PropertySource<?>) source.getUnderlyingSource(), PREFIX + setting.key(), setting)
                        + setting.key() + ": " + value + " is not allowed. Allowed is " + setting.allowed() + ".";
            }
        }
        return setting.key() + " is missing. Allowed is " + setting.allowed() + ".";
    }

    private String place(@Nullable PropertySource<?> source, String name, SettingDescription setting) {
        return source instanceof PrefixedFile || source == null || !isEnvironment(source)
                ? place(source, name)
                : "Environment variable " + setting.environmentVariable() + ": ";
    }

    private static boolean isEnvironment(PropertySource<?> source) {
        return source.getName().contains("systemEnvironment");
    }

    private String place(@Nullable PropertySource<?> source, String name) {
        var origin = source == null ? null : OriginLookup.getOrigin(source, name);
        if (origin instanceof TextResourceOrigin text && text.getLocation() != null) {
            return file + ":" + (text.getLocation().getLine() + 1) + ": ";
        }
        return "";
    }

    private Binder binder() {
        return Binder.get(environment);
    }

    /** The file with its keys below {@code myelin}, where they are bound; in the file itself they have no prefix. */
    private static final class PrefixedFile extends EnumerablePropertySource<OriginTrackedMapPropertySource>
            implements OriginLookup<String> {
        PrefixedFile(OriginTrackedMapPropertySource source) {
            super(source.getName(), source);
        }

        @Override
        public String[] getPropertyNames() {
            var names = getSource().getPropertyNames();
            var prefixed = new String[names.length];
            for (var i = 0; i < names.length; i++) {
                prefixed[i] = PREFIX + names[i];
            }
            return prefixed;
        }

        @Override
        public @Nullable Object getProperty(String name) {
            return name.startsWith(PREFIX) ? getSource().getProperty(name.substring(PREFIX.length())) : null;
        }

        @Override
        public org.springframework.boot.origin.@Nullable Origin getOrigin(String name) {
            return name.startsWith(PREFIX) ? getSource().getOrigin(name.substring(PREFIX.length())) : null;
        }
    }
}
