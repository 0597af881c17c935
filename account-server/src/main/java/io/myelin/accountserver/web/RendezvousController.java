package io.myelin.accountserver.web;

import io.myelin.accountserver.rendezvous.Meetings;
import io.myelin.accountserver.rendezvous.Rendezvous;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Places where two devices meet. MSC4388: JSON, and a {@code sequence_token}. Nobody has to be logged in. What a browser
 * would show to its user is not given to it, since strangers write it.
 */
@RestController
public class RendezvousController {
    private static final String PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
    private static final String CONCURRENT_WRITE = "IO_ELEMENT_MSC4388_CONCURRENT_WRITE";

    private final Meetings meetings;
    private final AttemptLimit openings;
    private final AttemptLimit uses;
    private final InstantSource clock;

    /**
     * @param openings of each address
     * @param uses of places, likewise
     */
    public RendezvousController(Meetings meetings, AttemptLimit openings, AttemptLimit uses, InstantSource clock) {
        this.meetings = meetings;
        this.openings = openings;
        this.uses = uses;
        this.clock = clock;
    }

    /** Clients take this for an offer of a login by QR code, which needs OAuth's device grant too: not before that is there. */
    @GetMapping(PATH)
    JsonObject offers() {
        return JsonObject.EMPTY.with("create_available", false);
    }

    @PostMapping(PATH)
    JsonObject open(ClientAddress client, JsonObject body) {
        String data = data(body);
        count(client, openings);
        Rendezvous opened = meetings.open(data);
        return JsonObject.builder()
                .put("id", opened.id())
                .put("sequence_token", opened.token())
                .put("expires_in_ms", expiresIn(opened))
                .build();
    }

    @GetMapping(PATH + "/{id}")
    JsonObject read(ClientAddress client, @PathVariable String id, @RequestHeader Map<String, String> headers) {
        requireFetchedByScript(headers);
        count(client, uses);
        Rendezvous found = meetings.find(id).orElseThrow(RendezvousController::gone);
        return JsonObject.builder()
                .put("data", found.data())
                .put("sequence_token", found.token())
                .put("expires_in_ms", expiresIn(found))
                .build();
    }

    @PutMapping(PATH + "/{id}")
    JsonObject leave(ClientAddress client, @PathVariable String id, JsonObject body) {
        count(client, uses);
        String seen = BackupJson.string(body, "sequence_token");
        return switch (meetings.leave(id, seen, data(body))) {
            case Meetings.Left.Done(Rendezvous now) -> JsonObject.of("sequence_token", now.token());
            case Meetings.Left.Overtaken _ ->
                throw new MatrixException(409, CONCURRENT_WRITE, "The other device has written meanwhile.");
            case Meetings.Left.Gone _ -> throw gone();
        };
    }

    @DeleteMapping(PATH + "/{id}")
    JsonResponse close(ClientAddress client, @PathVariable String id) {
        count(client, uses);
        if (!meetings.close(id)) {
            throw gone();
        }
        return JsonResponse.DONE;
    }

    static void count(ClientAddress client, AttemptLimit limit) {
        if (!client.onThisMachine()) {
            limit.attempt(client.network());
        }
    }

    /** MSC4388, "Threat analysis": the headers say what a browser does with the answer. */
    private static void requireFetchedByScript(Map<String, String> headers) {
        @Nullable String destination = null;
        boolean isShown = false;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            switch (header.getKey().toLowerCase(Locale.ROOT)) {
                case "sec-fetch-dest" -> destination = header.getValue();
                case "sec-fetch-mode" -> isShown |= header.getValue().equals("navigate");
                case "sec-fetch-user" -> isShown |= header.getValue().equals("?1");
                case "sec-fetch-site" -> isShown |= header.getValue().equals("none");
                default -> {}
            }
        }
        if (isShown || destination != null && !destination.equals("empty")) {
            throw new MatrixException(MatrixError.forbidden("This cannot be opened in a browser."));
        }
    }

    private long expiresIn(Rendezvous rendezvous) {
        return Math.max(0, rendezvous.expiresAt() - clock.millis());
    }

    private static String data(JsonObject body) {
        String data = BackupJson.string(body, "data");
        if (data.getBytes(StandardCharsets.UTF_8).length > Meetings.MAX_BYTES) {
            throw new MatrixException(413, "M_TOO_LARGE", "'data' has at most " + Meetings.MAX_BYTES + " bytes.");
        }
        return data;
    }

    private static MatrixException gone() {
        return new MatrixException(MatrixError.notFound("There is no such rendezvous, or not any more."));
    }
}
