package io.myelin.federation.authentication;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a request that its signature covers. Server-server API, "Request Authentication", step 1.
 *
 * @param uri path and query as they were sent, from {@code /_matrix} on
 * @param content the body, null if there is none
 */
public record SignedRequest(
        String method,
        String uri,
        ServerName origin,
        ServerName destination,
        @Nullable Json content) {

    /** Signs the request, and returns the header for it. */
    public XMatrix sign(SigningKey key) {
        return new XMatrix(origin, destination, key.keyId(), key.sign(SignedJson.signedBytes(json())));
    }

    /** Whether the signature is that of this request by this key. */
    public boolean isSignedBy(VerifyKey key, byte[] signature) {
        return key.verify(SignedJson.signedBytes(json()), signature);
    }

    private JsonObject json() {
        var json = JsonObject.builder()
                .put("method", method)
                .put("uri", uri)
                .put("origin", origin.value())
                .put("destination", destination.value());
        if (content != null) {
            json.put("content", content);
        }
        return json.build();
    }
}
