package io.myelin.accountserver.threepid;

import io.myelin.accountserver.outgoing.OutsideServices;
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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The identity server that sends text messages for this server. Identity service API, "Phone Number Associations", in the
 * version before accounts at identity servers, since the operator has chosen it and no user has an account there.
 */
public final class PhoneDelegate {
    private static final String WHAT = "The service that sends text messages";
    private static final String API = "/_matrix/identity/api/v1";

    private final OutsideServices services;
    private final URI address;

    public PhoneDelegate(OutsideServices services, URI address) {
        this.services = services;
        this.address = address;
    }

    /**
     * Has the text message sent.
     *
     * @param request {@code country}, {@code phone_number}, {@code client_secret}, {@code send_attempt}
     * @return the ID of the session there
     * @throws MatrixException if it refuses
     */
    public String requestToken(JsonObject request) {
        HttpAnswer answer = post("/validate/msisdn/requestToken", request);
        return json(answer)
                .filter(_ -> answer.status() == 200)
                .flatMap(body -> body.string("sid"))
                .orElseThrow(() -> refused(answer, "The text message cannot be sent."));
    }

    /** @return whether the code is the one in the text message */
    public boolean submitToken(String sid, String secret, String token) {
        HttpAnswer answer = post(
                "/validate/msisdn/submitToken",
                JsonObject.builder()
                        .put("sid", sid)
                        .put("client_secret", secret)
                        .put("token", token)
                        .build());
        return answer.status() == 200
                && json(answer).flatMap(body -> body.bool("success")).orElse(false);
    }

    /** A phone number that a client has confirmed. */
    public record Confirmed(ThirdPartyId id, long validatedAt) {}

    /** The number that was confirmed in a session there; empty if none was. */
    public Optional<Confirmed> confirmed(String sid, String secret) {
        HttpAnswer answer = services.ask(
                WHAT,
                OutboundRequest.get(
                        Route.to(address),
                        path("/3pid/getValidated3pid?sid=" + encode(sid) + "&client_secret=" + encode(secret)),
                        OutsideServices.MAX_ANSWER));
        if (answer.status() != 200) {
            return Optional.empty();
        }
        return json(answer)
                .filter(body -> body.string("medium")
                                .filter(ThirdPartyId.MSISDN::equals)
                                .isPresent()
                        && body.integer("validated_at").isPresent())
                .map(body -> new Confirmed(
                        ThirdPartyId.of(
                                ThirdPartyId.MSISDN, body.string("address").orElse("")),
                        body.integer("validated_at").getAsLong()));
    }

    private HttpAnswer post(String path, JsonObject body) {
        return services.ask(
                WHAT,
                OutboundRequest.post(
                        Route.to(address),
                        path(path),
                        OutboundRequest.Body.json(CanonicalJson.encode(body)),
                        OutsideServices.MAX_ANSWER));
    }

    private String path(String path) {
        String prefix = address.getRawPath() == null ? "" : address.getRawPath().replaceAll("/+$", "");
        return prefix + API + path;
    }

    private static MatrixException refused(HttpAnswer answer, String error) {
        return answer.status() >= 400 && answer.status() < 500
                ? new MatrixException(400, "M_INVALID_PARAM", error + " Is it a phone number of that country?")
                : new MatrixException(502, "M_UNKNOWN", error + " Try again later.");
    }

    private static Optional<JsonObject> json(HttpAnswer answer) {
        try {
            return Optional.of(JsonParser.parseObject(answer.body(), JsonRules.LENIENT));
        } catch (InvalidJson e) {
            return Optional.empty();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
