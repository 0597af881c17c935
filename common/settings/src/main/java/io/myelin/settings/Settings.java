package io.myelin.settings;

import java.util.List;

/**
 * A configuration that has been read and checked.
 *
 * @param server the settings of the whole server
 * @param ofServices the settings of services
 */
public record Settings(ServerSettings server, List<Record> ofServices) {

    /** @throws IllegalArgumentException if the type is not among the {@link KnownSettings} */
    public <T extends Record> T of(Class<T> type) {
        return ofServices.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " was not read"));
    }
}
