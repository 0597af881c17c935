package io.myelin.federation.authentication;

import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.InvalidIdentifier;
import io.myelin.matrix.id.ServerName;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of an {@code Authorization: X-Matrix} header.
 *
 * @param destination the server that the request is for; null in requests of servers older than Matrix 1.3
 * @param signature of the request, not verified
 */
public record XMatrix(ServerName origin, @Nullable ServerName destination, String keyId, byte[] signature) {
    private static final String SCHEME = "X-Matrix";

    /**
     * Parses the value of an {@code Authorization} header; empty if it is of another scheme.
     *
     * @throws Unauthenticated if the value is malformed
     */
    public static Optional<XMatrix> parse(String authorization) {
        String text = authorization.strip();
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String parameters = text.substring(SCHEME.length());
        if (!parameters.isEmpty() && parameters.charAt(0) != ' ' && parameters.charAt(0) != '\t') {
            return Optional.empty();
        }
        return Optional.of(of(AuthParameters.parse(parameters)));
    }

    private static XMatrix of(Map<String, String> parameters) {
        String destination = parameters.get("destination");
        // Servers send "sig"; the list of parameters in the specification says "signature".
        String signature = parameters.containsKey("sig") ? parameters.get("sig") : parameters.get("signature");
        try {
            return new XMatrix(
                    ServerName.parse(required("origin", parameters.get("origin"))),
                    destination == null ? null : ServerName.parse(destination),
                    required("key", parameters.get("key")),
                    UnpaddedBase64.decode(required("sig", signature)));
        } catch (InvalidIdentifier e) {
            throw new Unauthenticated(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new Unauthenticated("The signature in the Authorization header is not base64.");
        }
    }

    private static String required(String name, @Nullable String value) {
        if (value == null) {
            throw new Unauthenticated("The Authorization header has no '" + name + "'.");
        }
        return value;
    }

    /** The header's value, in the form that the oldest servers understand. */
    public String header() {
        var text = new StringBuilder(SCHEME).append(" origin=\"").append(origin);
        if (destination != null) {
            text.append("\",destination=\"").append(destination);
        }
        return text.append("\",key=\"")
                .append(keyId)
                .append("\",sig=\"")
                .append(UnpaddedBase64.encode(signature))
                .append('"')
                .toString();
    }
}
