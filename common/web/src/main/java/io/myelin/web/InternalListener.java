package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.IntSupplier;

/** The listener of {@link InternalController}s. */
public final class InternalListener {
    private static final String BEARER = "Bearer ";

    private final IntSupplier port;
    private final byte[] secret;

    /** @param port asked at each request, since it may be known only once the server listens */
    public InternalListener(IntSupplier port, String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("The internal listener needs a secret.");
        }
        this.port = port;
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the request came by the internal port. */
    public boolean received(HttpServletRequest request) {
        return request.getLocalPort() == port.getAsInt();
    }

    /** Whether the request came by the internal port with {@code Authorization: Bearer <secret>}. */
    public boolean admits(HttpServletRequest request) {
        String given = request.getHeader("Authorization");
        return received(request)
                && given != null
                && given.startsWith(BEARER)
                && MessageDigest.isEqual(given.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), secret);
    }
}
