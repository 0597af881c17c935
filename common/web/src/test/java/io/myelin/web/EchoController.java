package io.myelin.web;

import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Endpoints that answer with what they received. */
@RestController
class EchoController {

    @PutMapping("/_matrix/client/v3/rooms/{roomId}/state/{type}/{stateKey}")
    byte[] state(
            @PathVariable RoomId roomId, @PathVariable String type, @PathVariable String stateKey, JsonObject body) {
        return new JsonWriter()
                .beginObject()
                .field("room", roomId.value())
                .field("type", type)
                .field("key", stateKey)
                .field("body", body)
                .endObject()
                .toBytes();
    }

    @PostMapping("/_matrix/client/v3/optional")
    JsonObject optional(
            @Body(optional = true, decimals = true) JsonObject body, @RequestParam(defaultValue = "none") String q) {
        return JsonObject.builder().put("body", body).put("q", q).build();
    }

    @GetMapping("/_matrix/client/v3/whoami")
    JsonObject whoami(Session session) {
        return JsonObject.of("user_id", session.user().value());
    }

    @GetMapping("/_matrix/client/v3/anybody")
    JsonObject anybody(@Nullable Session session) {
        return JsonObject.of("known", io.myelin.matrix.json.Json.of(session != null));
    }

    @NoGuests
    @GetMapping("/_matrix/client/v3/members-only")
    JsonObject membersOnly(Session session) {
        return JsonObject.EMPTY;
    }

    @GetMapping("/_matrix/client/v3/number")
    JsonObject number(@RequestParam int limit) {
        return JsonObject.of("limit", io.myelin.matrix.json.Json.of(limit));
    }

    @GetMapping("/_matrix/client/v3/broken")
    JsonObject broken() {
        throw new IllegalStateException("secret detail in io.myelin.Something");
    }

    @GetMapping("/_matrix/client/v3/unavailable")
    CompletableFuture<byte[]> unavailable() {
        return CompletableFuture.failedFuture(new Unavailable("no database"));
    }

    /** Answers with numbers; with so many that they are sent in parts, if {@code large}. */
    @GetMapping("/_matrix/client/v3/streamed")
    StreamedJson streamed(@RequestParam boolean large, @RequestParam(defaultValue = "false") boolean busy) {
        return new StreamedJson() {
            @Override
            public void writeTo(JsonWriter out) {
                out.beginObject().name("numbers").beginArray();
                for (int i = 0; i < (large ? 100_000 : 10); i++) {
                    out.beginObject().field("number", i).endObject();
                }
                out.endArray().endObject();
            }

            @Override
            public SendPermit turn() {
                if (busy) {
                    throw new MatrixException(429, "M_LIMIT_EXCEEDED", "Too many large answers.");
                }
                return () -> {};
            }
        };
    }

    @GetMapping("/_matrix/client/v3/later")
    CompletableFuture<JsonResponse> later() {
        return CompletableFuture.supplyAsync(() -> JsonResponse.of(202, JsonObject.EMPTY));
    }

    @InternalController
    static class Hidden {
        @PostMapping("/_myelin/internal/echo")
        JsonObject echo() {
            return JsonObject.of("hello", "operator");
        }
    }
}
