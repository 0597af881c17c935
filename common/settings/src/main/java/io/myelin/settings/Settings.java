package io.myelin.settings;

import java.util.List;
import java.util.Map;

/**
 * A configuration that has been read and checked.
 *
 * @param server the settings of the whole server
 * @param ofServices the settings of services
 * @param ofEachService by their keys, what was set for a service from outside: {@code services.<name>} and {@code
 *     databases.<name>}
 */
public record Settings(ServerSettings server, List<Record> ofServices, Map<String, String> ofEachService) {

    /** @throws IllegalArgumentException if the type is not among the {@link KnownSettings} */
    public <T extends Record> T of(Class<T> type) {
        return ofServices.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " was not read"));
    }
}
