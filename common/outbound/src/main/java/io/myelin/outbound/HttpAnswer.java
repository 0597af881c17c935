package io.myelin.outbound;

import java.util.Map;
import java.util.Optional;

/**
 * The answer of a server.
 *
 * @param headers by their names in lower case, the first of each name
 */
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }
}
