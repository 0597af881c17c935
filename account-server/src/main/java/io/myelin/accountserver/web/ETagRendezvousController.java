package io.myelin.accountserver.web;

import io.myelin.accountserver.rendezvous.Meetings;
import io.myelin.accountserver.rendezvous.Rendezvous;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestBody;
import io.myelin.web.address.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Places where two devices meet. MSC4108, "Insecure rendezvous session": plain text, and the {@code ETag} of HTTP. */
@RestController
public class ETagRendezvousController {
    private static final String PATH = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
    private static final String ANY = "*";

    private final Meetings meetings;
    private final AttemptLimit openings;
    private final AttemptLimit uses;
    private final String baseUrl;

    /**
     * @param openings of each address
     * @param uses of places, likewise
     * @param baseUrl of this server for clients
     */
    public ETagRendezvousController(Meetings meetings, AttemptLimit openings, AttemptLimit uses, String baseUrl) {
        this.meetings = meetings;
        this.openings = openings;
        this.uses = uses;
        this.baseUrl = baseUrl;
    }

    @PostMapping(PATH)
    ResponseEntity<byte[]> open(ClientAddress client, HttpServletRequest request) throws IOException {
        String data = text(request);
        RendezvousController.count(client, openings);
        Rendezvous opened = meetings.open(data);
        byte[] body = JsonObject.of("url", baseUrl + PATH + "/" + opened.id())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return ResponseEntity.status(201)
                .headers(headers(opened))
                .contentType(MediaType.APPLICATION_JSON)
                .body(body);
    }

    @GetMapping(PATH + "/{id}")
    ResponseEntity<byte[]> read(
            ClientAddress client,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String known) {
        RendezvousController.count(client, uses);
        Rendezvous found = meetings.find(id).orElseThrow(ETagRendezvousController::gone);
        if (known != null && names(known, found)) {
            return ResponseEntity.status(304).headers(headers(found)).build();
        }
        return ResponseEntity.ok()
                .headers(headers(found))
                .contentType(MediaType.TEXT_PLAIN)
                .body(found.data().getBytes(StandardCharsets.UTF_8));
    }

    @PutMapping(PATH + "/{id}")
    ResponseEntity<byte[]> leave(
            ClientAddress client,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String seen,
            HttpServletRequest request)
            throws IOException {
        if (seen == null) {
            throw new MatrixException(new MatrixError(400, "M_MISSING_PARAM", "The header If-Match is missing."));
        }
        RendezvousController.count(client, uses);
        String data = text(request);
        Rendezvous before = meetings.find(id).orElseThrow(ETagRendezvousController::gone);
        String token = names(seen, before) ? before.token() : unquoted(seen);
        return switch (meetings.leave(id, token, data)) {
            case Meetings.Left.Done(Rendezvous now) ->
                ResponseEntity.status(202)
                        .headers(headers(now))
                        .contentType(MediaType.TEXT_PLAIN)
                        .body(new byte[0]);
            case Meetings.Left.Overtaken(Rendezvous now) ->
                ResponseEntity.status(412)
                        .headers(headers(now))
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(JsonObject.builder()
                                .put("errcode", "M_UNKNOWN")
                                .put("error", "The other device has written meanwhile.")
                                .put("org.matrix.msc4108.errcode", "M_CONCURRENT_WRITE")
                                .build()
                                .toString()
                                .getBytes(StandardCharsets.UTF_8));
            case Meetings.Left.Gone _ -> throw gone();
        };
    }

    @DeleteMapping(PATH + "/{id}")
    ResponseEntity<byte[]> close(ClientAddress client, @PathVariable String id) {
        RendezvousController.count(client, uses);
        if (!meetings.close(id)) {
            throw gone();
        }
        return ResponseEntity.noContent().build();
    }

    private static String text(HttpServletRequest request) throws IOException {
        if (!isText(request.getContentType())) {
            throw new MatrixException(MatrixError.invalidParam("The body must be 'text/plain'."));
        }
        byte[] body = RequestBody.read(request, Meetings.MAX_BYTES);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException notText) {
            throw new MatrixException(MatrixError.invalidParam("The body must be text in UTF-8."));
        }
        throw new MatrixException(MatrixError.invalidParam("The body must be text without U+0000."));
    }

    private static boolean isText(@Nullable String type) {
        try {
            return type != null && MediaType.TEXT_PLAIN.isCompatibleWith(MediaType.parseMediaType(type));
        } catch (InvalidMediaTypeException notAType) {
            return false;
        }
    }

    /** Whether a list of entity tags has the one of this state. RFC 9110, 13.1. */
    private static boolean names(String header, Rendezvous rendezvous) {
        return header.strip().equals(ANY)
                || Arrays.stream(header.split(",", -1))
                        .anyMatch(tag -> unquoted(tag).equals(rendezvous.token()));
    }

    private static String unquoted(String tag) {
        String text = tag.strip();
        text = text.startsWith("W/") ? text.substring(2) : text;
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private static HttpHeaders headers(Rendezvous rendezvous) {
        HttpHeaders headers = new HttpHeaders();
        headers.setETag("\"" + rendezvous.token() + "\"");
        headers.setCacheControl("no-store, no-transform");
        headers.setPragma("no-cache");
        headers.setExpires(rendezvous.expiresAt());
        headers.setLastModified(rendezvous.modifiedAt());
        headers.add(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, HttpHeaders.ETAG);
        return headers;
    }

    private static MatrixException gone() {
        return new MatrixException(MatrixError.notFound("There is no such rendezvous, or not any more."));
    }
}
