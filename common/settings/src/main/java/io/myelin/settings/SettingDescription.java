package io.myelin.settings;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * One setting as the records describe it.
 *
 * @param key its dotted name in {@code myelin.yaml}, for example {@code listeners.client-port}
 * @param type of its value
 * @param meaning in a sentence or two of Markdown
 * @param rule what is allowed
 * @param defaultValue as written in {@code myelin.yaml}; null if it has none
 * @param place the record and the components that lead to it; none for what may be set for each service
 */
record SettingDescription(
        String key,
        Class<?> type,
        String meaning,
        Setting rule,
        @Nullable String defaultValue,
        @Nullable Place place) {

    /** The place of the value: a record that is bound, and the components that lead to the value. */
    private record Place(Class<? extends Record> root, List<RecordComponent> components) {}

    /** The rule for the addresses of a service. */
    private record Addresses(
            @Setting(
                    value = "For processes of their own: internal addresses of instances of ",
                    pattern = "https?://[^\\s,]+(,https?://[^\\s,]+)*",
                    form = "`http://host:port,http://host2:port`")
            String addresses) {}

    /** The rule for the database of a service. */
    private record Database(
            @Setting(
                    value = "Another database than `database.url` for the schema of ",
                    pattern = DatabaseSettings.URL,
                    form = DatabaseSettings.URL_FORM,
                    secret = true)
            String url) {}

    /** All settings: those without a section, then section by section, in the order of the records. */
    static List<SettingDescription> all(KnownSettings known) {
        var all = new ArrayList<SettingDescription>();
        collect(ServerSettings.class, ServerSettings.class, "", List.of(), all);
        known.ofServices().forEach(type -> collect(type, type, "", List.of(), all));
        for (var service : known.services()) {
            all.add(ofService(
                    "services",
                    service,
                    Addresses.class,
                    ": of one at least where it is called, of all for the page that shows the wiring."));
        }
        for (var service : known.withDatabase()) {
            all.add(ofService(
                    "databases",
                    service,
                    Database.class,
                    ", with the same user and password unless the address has others: `?user=…&password=…`."));
        }
        return all.stream()
                .collect(Collectors.groupingBy(SettingDescription::section, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** A setting of one service, which is no component of a record that is bound. */
    private static SettingDescription ofService(
            String section, String service, Class<? extends Record> rules, String andMore) {
        var rule = ruleOf(rules.getRecordComponents()[0], section);
        return new SettingDescription(
                section + "." + service, String.class, rule.value() + service + andMore, rule, null, null);
    }

    private String section() {
        return key.contains(".") ? key.substring(0, key.indexOf('.')) : "";
    }

    private static void collect(
            Class<? extends Record> root,
            Class<?> type,
            String prefix,
            List<RecordComponent> path,
            List<SettingDescription> into) {
        for (var component : type.getRecordComponents()) {
            var key = prefix + dashed(component.getName());
            var longer = new ArrayList<>(path);
            longer.add(component);
            if (component.getType().isRecord()) {
                collect(root, component.getType(), key + ".", longer, into);
            } else {
                var rule = ruleOf(component, key);
                into.add(new SettingDescription(
                        key,
                        component.getType(),
                        rule.value(),
                        rule,
                        defaultOf(type, component),
                        new Place(root, longer)));
            }
        }
    }

    private static Setting ruleOf(RecordComponent component, String key) {
        var rule = component.getAnnotation(Setting.class);
        if (rule == null) {
            throw new IllegalStateException(key + " has no @Setting that says what it means");
        }
        return rule;
    }

    private static @Nullable String defaultOf(Class<?> type, RecordComponent component) {
        // @DefaultValue belongs to the constructor's parameter of the same name.
        for (var parameter : type.getDeclaredConstructors()[0].getParameters()) {
            var annotation = parameter.getAnnotation(DefaultValue.class);
            if (annotation != null && parameter.getName().equals(component.getName())) {
                return String.join(",", annotation.value());
            }
        }
        return null;
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** The environment variable that overrides it. */
    String environmentVariable() {
        return "MYELIN_" + key.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** The values that are allowed, in words. */
    String allowed() {
        if (rule.oneOf().length > 0) {
            return "one of " + String.join(", ", rule.oneOf());
        }
        if (!rule.form().isEmpty()) {
            return rule.form();
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (rule.powerOfTwo()) {
            return "a power of two from " + rule.min() + " to " + rule.max();
        }
        if (type == Duration.class) {
            return "a duration from " + written(Duration.ofMillis(rule.min())) + " to "
                    + written(Duration.ofMillis(rule.max())) + ", such as 500ms, 30s or 2m";
        }
        if (type == DataSize.class) {
            return "a size from " + written(rule.min()) + " to " + written(rule.max()) + ", such as 512KB or 1MB";
        }
        if (type == int.class) {
            return "a whole number from " + rule.min() + " to " + rule.max();
        }
        if (type == double.class) {
            return "a number from " + rule.min() + " to " + rule.max();
        }
        return switch (type.getSimpleName()) {
            case "Path" -> "a path";
            case "URI" -> "an http or https address";
            default -> "a text";
        };
    }

    /** Whether a value of the right type is allowed. An absent value is allowed if there is no default. */
    boolean allows(@Nullable Object value) {
        if (value == null) {
            return defaultValue == null;
        }
        if (value.toString().isBlank()) {
            return false;
        }
        if (rule.oneOf().length > 0) {
            return Arrays.asList(rule.oneOf()).contains(value.toString());
        }
        return switch (value) {
            case Integer number -> isWithin(number) && (!rule.powerOfTwo() || Integer.bitCount(number) == 1);
            case Double number -> number >= rule.min() && number <= rule.max();
            case Duration duration -> isWithin(duration.toMillis());
            case DataSize size -> isWithin(size.toBytes());
            case java.net.URI address ->
                address.getHost() != null && List.of("http", "https").contains(String.valueOf(address.getScheme()));
            case String text -> rule.pattern().isEmpty() || Pattern.matches(rule.pattern(), text);
            default -> true;
        };
    }

    private boolean isWithin(long number) {
        return number >= rule.min() && number <= rule.max();
    }

    /** The setting's value in a bound configuration; empty if it has none. */
    Optional<Object> in(Settings settings) {
        var from = place;
        if (from == null) {
            return Optional.ofNullable(settings.ofEachService().get(key));
        }
        Object value = from.root() == ServerSettings.class ? settings.server() : settings.of(from.root());
        try {
            for (var component : from.components()) {
                value = component.getAccessor().invoke(value);
            }
            return Optional.ofNullable(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String written(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String written(long bytes) {
        if (bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MB";
        }
        return bytes % (1 << 10) == 0 ? (bytes >> 10) + "KB" : bytes + "B";
    }
}
