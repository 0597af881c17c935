package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The listener of {@link InternalController}s: it decides which requests to admit, and proves its answers. See {@link
 * InternalSecret}.
 */
public final class InternalListener {
    private final IntSupplier port;
    private final Set<Integer> alsoKnownAs;
    private final InternalSecret secret;
    private final ReplayGuard onceOnly = new ReplayGuard(System.currentTimeMillis());

    /** @param port asked at each request, since it may be known only once the server listens */
    public InternalListener(IntSupplier port, String secret) {
        this(port, Set.of(), secret);
    }

    /** @param alsoKnownAs ports of addresses from which requests are forwarded to the listener's own port */
    public InternalListener(IntSupplier port, Set<Integer> alsoKnownAs, String secret) {
        this.port = port;
        this.alsoKnownAs = Set.copyOf(alsoKnownAs);
        this.secret = new InternalSecret(secret);
    }

    /** Whether the request came in on the internal port. */
    public boolean received(HttpServletRequest request) {
        return request.getLocalPort() == port.getAsInt();
    }

    /** Whether the request proved that it comes from a process of this server. */
    public static boolean hasAdmitted(HttpServletRequest request) {
        return request.getAttribute(InternalFilter.ADMITTED) != null;
    }

    /**
     * The proof of a request that came in on the internal port, was made with the secret for this listener, and is here
     * for the first time; null for any other request. The body is not compared yet.
     */
    InternalSecret.@Nullable Proof admit(HttpServletRequest request) {
        if (!received(request)) {
            return null;
        }
        String query = request.getQueryString();
        return admit(
                request.getHeader(InternalSecret.REQUEST),
                request.getMethod(),
                query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query);
    }

    /** As above, for a listener that is not a servlet's. */
    public InternalSecret.@Nullable Proof admit(@Nullable String header, String method, String target) {
        InternalSecret.Proof proof = secret.read(header, method, target, port.getAsInt());
        for (int other : alsoKnownAs) {
            proof = proof == null ? secret.read(header, method, target, other) : proof;
        }
        return proof != null && onceOnly.isFirst(proof, System.currentTimeMillis()) ? proof : null;
    }

    /** The proof for the answer to a request that was admitted. */
    public String prove(InternalSecret.Proof request, int status, @Nullable String owner, byte[] body) {
        return secret.answer(request, status, owner, body);
    }
}
