package io.myelin.federationsend.web;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import org.jspecify.annotations.Nullable;

/**
 * A request that another server has signed. A controller with a parameter of this type is called for such requests only;
 * others are answered 401 {@code M_UNAUTHORIZED}.
 *
 * @param origin the server that signed it
 * @param content its body, in which any JSON number is allowed; null if there is none
 */
public record FederationRequest(ServerName origin, @Nullable Json content) {

    /**
     * Its body, for an endpoint that requires one.
     *
     * @throws MatrixException 400 if it is missing or no object
     */
    public JsonObject body() {
        return switch (content) {
            case null -> throw new MatrixException(400, "M_NOT_JSON", "The request needs a body.");
            case JsonObject object -> object;
            case Json _ -> throw new MatrixException(400, "M_BAD_JSON", "The body must be an object.");
        };
    }
}
