package io.myelin.accountserver.authentication;

import io.myelin.accountserver.outgoing.OutsideServices;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.outbound.HttpAnswer;
import io.myelin.outbound.OutboundRequest;
import io.myelin.outbound.Route;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Asks Google, or a service like it, whether a riddle was solved. */
public final class RecaptchaService implements RecaptchaStage.Check {
    private final OutsideServices services;
    private final URI address;
    private final String secret;

    /** @param secret the private key */
    public RecaptchaService(OutsideServices services, URI address, String secret) {
        this.services = services;
        this.address = address;
        this.secret = secret;
    }

    @Override
    public boolean isRight(String response) {
        String form = "secret=" + encode(secret) + "&response=" + encode(response);
        HttpAnswer answer = services.ask(
                "The recaptcha service",
                OutboundRequest.post(
                        Route.to(address),
                        address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery()),
                        OutboundRequest.Body.form(form),
                        OutsideServices.MAX_ANSWER));
        try {
            return answer.status() == 200
                    && JsonParser.parseObject(answer.body(), JsonRules.LENIENT)
                            .bool("success")
                            .orElse(false);
        } catch (InvalidJson e) {
            return false;
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
