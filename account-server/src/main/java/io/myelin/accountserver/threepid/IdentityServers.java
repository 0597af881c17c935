package io.myelin.accountserver.threepid;

import io.myelin.accountserver.outgoing.OutsideServices;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.outbound.HttpAnswer;
import io.myelin.outbound.OutboundRequest;
import io.myelin.outbound.Route;
import io.myelin.web.MatrixException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** Asks identity servers, which say whose an address is. Identity service API. */
public final class IdentityServers {
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9.-]{1,230}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");
    private static final String BIND = "/_matrix/identity/v2/3pid/bind";
    private static final String UNBIND = "/_matrix/identity/v2/3pid/unbind";
    static final String WHAT = "The identity server";

    private final OutsideServices services;
    private final ServerName ourselves;
    private final SigningKey key;

    public IdentityServers(OutsideServices services, ServerName ourselves, SigningKey key) {
        this.services = services;
        this.ourselves = ourselves;
        this.key = key;
    }

    /** @throws MatrixException if the text is no server's name */
    public static String checkName(String idServer) {
        if (!NAME.matcher(idServer).matches()) {
            throw new MatrixException(MatrixError.invalidParam("'id_server' is no name of a server."));
        }
        return idServer;
    }

    /**
     * Publishes the address that was validated in a session of the identity server.
     *
     * @param accessToken the user's at the identity server
     * @return the address
     * @throws MatrixException if the identity server refuses
     */
    public ThirdPartyId bind(String idServer, String accessToken, String sid, String secret, UserId user) {
        byte[] body = CanonicalJson.encode(JsonObject.builder()
                .put("sid", sid)
                .put("client_secret", secret)
                .put("mxid", user.value())
                .build());
        HttpAnswer answer = services.ask(
                WHAT,
                OutboundRequest.post(route(idServer), BIND, OutboundRequest.Body.json(body), OutsideServices.MAX_ANSWER)
                        .with("Authorization", "Bearer " + headerValue(accessToken)));
        JsonObject bound = json(answer)
                .filter(_ -> answer.status() == 200)
                .orElseThrow(() -> new MatrixException(
                        400, "M_THREEPID_AUTH_FAILED", "The identity server did not publish the address."));
        return ThirdPartyId.of(
                bound.string("medium").orElse(""), bound.string("address").orElse(""));
    }

    /**
     * Withdraws an address; the request is signed by this server.
     *
     * @return whether the identity server did, or knew nothing of it
     */
    public boolean unbind(String idServer, ThirdPartyId id, UserId user) {
        JsonObject content = JsonObject.builder()
                .put("mxid", user.value())
                .put(
                        "threepid",
                        JsonObject.builder()
                                .put("medium", id.medium())
                                .put("address", id.address())
                                .build())
                .build();
        HttpAnswer answer = services.ask(
                WHAT,
                OutboundRequest.post(
                                route(idServer),
                                UNBIND,
                                OutboundRequest.Body.json(CanonicalJson.encode(content)),
                                OutsideServices.MAX_ANSWER)
                        .with("Authorization", signed(idServer, content)));
        return switch (answer.status()) {
            case 200, 404 -> true;
            default -> false;
        };
    }

    /** Server-server API, "Request Authentication", which the identity service uses too. */
    private String signed(String idServer, JsonObject content) {
        byte[] signature = key.sign(SignedJson.signedBytes(JsonObject.builder()
                .put("method", "POST")
                .put("uri", UNBIND)
                .put("origin", ourselves.value())
                .put("destination", idServer)
                .put("content", content)
                .build()));
        return "X-Matrix origin=\"" + ourselves.value() + "\",destination=\"" + idServer + "\",key=\"" + key.keyId()
                + "\",sig=\"" + UnpaddedBase64.encode(signature) + "\"";
    }

    static Route route(String idServer) {
        try {
            return Route.to(URI.create("https://" + checkName(idServer)));
        } catch (IllegalArgumentException e) {
            throw new MatrixException(MatrixError.invalidParam("'id_server' is no name of a server."));
        }
    }

    static String headerValue(String token) {
        if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new MatrixException(MatrixError.invalidParam("'id_access_token' is no token."));
        }
        return token;
    }

    static Optional<JsonObject> json(HttpAnswer answer) {
        try {
            return Optional.of(JsonParser.parseObject(answer.body(), JsonRules.LENIENT));
        } catch (InvalidJson e) {
            return Optional.empty();
        }
    }
}
