package io.myelin.settings;

import java.util.List;

/**
 * The settings that are allowed besides {@link ServerSettings}.
 *
 * @param ofServices the settings of services, each a record that is bound at {@code myelin} like {@link
 *     ServerSettings}; no two have the same key
 * @param services the names of all services; the addresses of each may be set
 * @param withDatabase the names of those that have a schema; the database of each may be set
 */
public record KnownSettings(
        List<Class<? extends Record>> ofServices, List<String> services, List<String> withDatabase) {
    public static final KnownSettings NOTHING_ELSE = new KnownSettings(List.of(), List.of(), List.of());

    public KnownSettings {
        ofServices = List.copyOf(ofServices);
        services = List.copyOf(services);
        withDatabase = List.copyOf(withDatabase);
    }

    /** The settings of these services alone. */
    @SafeVarargs
    public static KnownSettings of(Class<? extends Record>... ofServices) {
        return new KnownSettings(List.of(ofServices), List.of(), List.of());
    }
}
