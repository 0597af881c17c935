package io.myelin.web;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * A JSON body with a status. A controller may as well return {@code byte[]} (JSON text) or {@link Json}, for 200.
 *
 * @param body JSON text in UTF-8
 */
public record JsonResponse(int status, byte[] body) {
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);

    /** 200 with {@code {}}, the answer to most writes. */
    public static final JsonResponse DONE = new JsonResponse(200, EMPTY_OBJECT);

    public static JsonResponse of(int status, JsonObject body) {
        return new JsonResponse(status, CanonicalJson.encode(body));
    }
}
