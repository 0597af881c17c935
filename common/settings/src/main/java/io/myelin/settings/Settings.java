package io.myelin.settings;

import java.util.List;

/**
 * A configuration that has been read and checked.
 *
 * @param server what is configured for the whole server
 * @param ofServices the settings of services
 */
public record Settings(ServerSettings server, List<Record> ofServices) {

    /** @throws IllegalArgumentException if nobody has said that there are such settings */
    public <T extends Record> T of(Class<T> type) {
        return ofServices.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " was not read"));
    }
}
