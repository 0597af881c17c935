package io.myelin.web.config;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
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
 * @param defaultValue as one would write it, null if it has none
 * @param path the components that lead to it from {@link MyelinProperties}; none for the address of a service
 */
record SettingDescription(
        String key,
        Class<?> type,
        String meaning,
        Setting rule,
        @Nullable String defaultValue,
        List<RecordComponent> path) {

    /** The rule for the addresses of a service. */
    private record Addresses(
            @Setting(
                    value = "For processes of their own: internal addresses of instances of ",
                    pattern = "https?://[^\\s,]+(,https?://[^\\s,]+)*",
                    form = "`http://host:port,http://host2:port`")
            String addresses) {}

    /** All of them, in the order of the records; where these services are comes last. */
    static List<SettingDescription> all(List<String> services) {
        var all = new ArrayList<SettingDescription>();
        collect(MyelinProperties.class, "", List.of(), all);
        var addresses = Addresses.class.getRecordComponents()[0];
        var rule = ruleOf(addresses, "services");
        for (var service : services) {
            all.add(new SettingDescription(
                    "services." + service, String.class, rule.value() + service + ".", rule, null, List.of()));
        }
        return List.copyOf(all);
    }

    private static void collect(
            Class<?> type, String prefix, List<RecordComponent> path, List<SettingDescription> into) {
        for (var component : type.getRecordComponents()) {
            var key = prefix + dashed(component.getName());
            var longer = new ArrayList<>(path);
            longer.add(component);
            if (component.getType().isRecord()) {
                collect(component.getType(), key + ".", longer, into);
            } else {
                var rule = ruleOf(component, key);
                into.add(new SettingDescription(
                        key, component.getType(), rule.value(), rule, defaultOf(type, component), longer));
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
        return switch (type.getSimpleName()) {
            case "Path" -> "a path";
            case "URI" -> "an http or https address";
            default -> "a text";
        };
    }

    /** Whether a value of the right type is allowed; an absent one is, where there is no default. */
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

    /** The setting's value in a bound configuration. */
    @Nullable
    Object in(MyelinProperties properties) {
        Object value = properties;
        try {
            for (var component : path) {
                value = component.getAccessor().invoke(value);
            }
            return value;
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
