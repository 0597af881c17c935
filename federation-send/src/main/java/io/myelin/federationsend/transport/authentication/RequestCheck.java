package io.myelin.federationsend.transport.authentication;

import io.myelin.federation.authentication.SignedRequest;
import io.myelin.federation.authentication.Unauthenticated;
import io.myelin.federation.authentication.XMatrix;
import io.myelin.federationsend.transport.keys.RemoteKeys;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies which server sent a request, by the signature in its header. Server-server API, "Request Authentication". */
public final class RequestCheck {
    /** A server sends a header for each of its keys. */
    private static final int MAX_HEADERS = 5;

    private final ServerName ourselves;
    private final RemoteKeys keys;

    public RequestCheck(ServerName ourselves, RemoteKeys keys) {
        this.ourselves = ourselves;
        this.keys = keys;
    }

    /**
     * The claims of a request, before its body has been read.
     *
     * @param headers the values of its {@code Authorization} headers
     * @return its {@code X-Matrix} headers, which all name the same origin
     * @throws Unauthenticated if there is none, or the request is not for this server
     */
    public List<XMatrix> claims(List<String> headers) {
        List<XMatrix> claims = headers.stream()
                .limit(MAX_HEADERS)
                .map(XMatrix::parse)
                .flatMap(Optional::stream)
                .toList();
        if (claims.isEmpty()) {
            throw new Unauthenticated("The request needs an Authorization header of the scheme X-Matrix.");
        }
        ServerName origin = claims.getFirst().origin();
        for (XMatrix claim : claims) {
            if (claim.destination() != null && !claim.destination().equals(ourselves)) {
                throw new Unauthenticated("The request is for " + claim.destination() + ", this is another server.");
            }
            if (!claim.origin().equals(origin)) {
                throw new Unauthenticated("The request has more than one origin.");
            }
        }
        if (origin.equals(ourselves)) {
            throw new Unauthenticated("This server does not send requests to itself.");
        }
        return claims;
    }

    /**
     * The server that sent the request. May ask that server for its keys.
     *
     * @param claims of its headers
     * @param uri path and query as they were sent
     * @param content its body, null if there is none
     * @throws Unauthenticated if no claim has a valid signature
     */
    public ServerName origin(List<XMatrix> claims, String method, String uri, @Nullable Json content) {
        ServerName origin = claims.getFirst().origin();
        var request = new SignedRequest(method, uri, origin, ourselves, content);
        boolean anyKey = false;
        for (XMatrix claim : claims) {
            Optional<VerifyKey> key = keys.current(origin, claim.keyId());
            if (key.isPresent() && request.isSignedBy(key.get(), claim.signature())) {
                return origin;
            }
            anyKey |= key.isPresent();
        }
        throw new Unauthenticated(
                anyKey
                        ? "The signature of " + origin + " is not valid for this request."
                        : "The key that " + origin + " signed with cannot be had from it.");
    }
}
