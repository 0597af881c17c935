package io.myelin.accountserver.authentication;

import io.myelin.matrix.json.JsonObject;
import java.util.function.Supplier;

/** Asks the user to agree to the terms of the server. Client-server API, "Terms of service at registration". */
public final class TermsStage implements Stage {
    public static final String TYPE = "m.login.terms";

    private final Supplier<Terms> terms;

    /** @param terms asked for each attempt */
    public TermsStage(Supplier<Terms> terms) {
        this.terms = terms;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public JsonObject parameters() {
        Terms now = terms.get();
        return JsonObject.of(
                "policies",
                JsonObject.of(
                        now.id(),
                        JsonObject.builder()
                                .put("version", now.version())
                                .put(
                                        "en",
                                        JsonObject.builder()
                                                .put("name", now.name())
                                                .put("url", now.url())
                                                .build())
                                .build()));
    }

    @Override
    public Proof prove(Attempt attempt) {
        return new Proof.Given(terms.get().version());
    }
}
