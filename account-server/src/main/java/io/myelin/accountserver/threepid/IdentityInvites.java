package io.myelin.accountserver.threepid;

import io.myelin.accountserver.outgoing.OutsideServices;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.IdentityLookups;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.outbound.HttpAnswer;
import io.myelin.outbound.OutboundRequest;
import io.myelin.outbound.Route;
import io.myelin.web.MatrixException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for the users of addresses, and invites addresses without one. Identity service API, version 2. */
public final class IdentityInvites implements IdentityLookups {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityInvites.class);
    private static final String API = "/_matrix/identity/v2/";
    private static final String VALIDITY = API + "pubkey/isvalid";
    /** How many keys an invitation has; its main key counts twice. */
    private static final int MOST_KEYS = 8;

    private static final int MOST_CHARACTERS = 255;

    private final OutsideServices services;

    public IdentityInvites(OutsideServices services) {
        this.services = services;
    }

    /** As with Synapse, an address is unknown if the identity server cannot be asked: then it is asked to invite. */
    @Override
    public Found find(Address address) {
        ThirdPartyId id;
        try {
            id = id(address);
        } catch (MatrixException e) {
            return new Found(null, error(e));
        }
        try {
            return new Found(lookUp(address, id).orElse(null), null);
        } catch (MatrixException e) {
            LOG.info("The identity server {} does not say whose an address is: {}", address.server(), e.getMessage());
            return new Found(null, null);
        }
    }

    private static ThirdPartyId id(Address address) {
        return ThirdPartyId.of(address.medium(), address.address());
    }

    private Optional<UserId> lookUp(Address address, ThirdPartyId id) {
        JsonObject details = ask(address, "hash_details", null);
        String pepper = details.string("lookup_pepper").orElse("");
        List<String> algorithms =
                details.array("algorithms").orElse(JsonArray.EMPTY).strings().toList();
        boolean isHashed = algorithms.contains("sha256");
        if (!isHashed && !algorithms.contains("none")) {
            throw unusable();
        }
        String wanted = id.address() + " " + id.medium();
        if (isHashed) {
            byte[] hash = Sha256.hash((wanted + " " + pepper).getBytes(StandardCharsets.UTF_8));
            wanted = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        }
        JsonObject answer = ask(
                address,
                "lookup",
                JsonObject.builder()
                        .put("addresses", JsonArray.ofStrings(List.of(wanted)))
                        .put("algorithm", isHashed ? "sha256" : "none")
                        .put("pepper", pepper)
                        .build());
        return answer.object("mappings").orElse(JsonObject.EMPTY).string(wanted).flatMap(UserId::tryParse);
    }

    @Override
    public Invited invite(Address address, byte[] invitation) {
        try {
            ThirdPartyId id = id(address);
            JsonObject body = JsonParser.parseObject(invitation)
                    .with("medium", id.medium())
                    .with("address", id.address());
            return new Invited(kept(address.server(), ask(address, "store-invite", body)), null);
        } catch (MatrixException e) {
            return new Invited(null, error(e));
        }
    }

    private static Kept kept(String server, JsonObject answer) {
        String token = text(answer, "token").orElseThrow(IdentityInvites::unusable);
        List<Key> keys = new ArrayList<>();
        text(answer, "public_key").ifPresent(key -> keys.add(new Key(key, "https://" + server + VALIDITY)));
        answer.array("public_keys").orElse(JsonArray.EMPTY).stream()
                .limit(MOST_KEYS - 2L)
                .forEach(entry -> {
                    if (entry instanceof JsonObject key) {
                        text(key, "public_key")
                                .ifPresent(value -> keys.add(new Key(
                                        value, text(key, "key_validity_url").orElse(null))));
                    }
                });
        if (keys.isEmpty()) {
            throw unusable();
        }
        return new Kept(token, text(answer, "display_name").orElse(""), keys);
    }

    /** A text that may stand in an event, if it is a short one. */
    private static Optional<String> text(JsonObject object, String name) {
        return object.string(name)
                .filter(text -> text.getBytes(StandardCharsets.UTF_8).length <= MOST_CHARACTERS
                        && text.indexOf('\0') < 0
                        && !text.isEmpty());
    }

    @Override
    public boolean isValid(Key key) {
        if (key.validityUrl() == null) {
            return true;
        }
        try {
            URI url = URI.create(key.validityUrl());
            if (!"https".equalsIgnoreCase(url.getScheme()) || url.getRawPath() == null) {
                return false;
            }
            String target = url.getRawPath() + "?"
                    + (url.getRawQuery() == null ? "" : url.getRawQuery() + "&")
                    + "public_key=" + URLEncoder.encode(key.publicKey(), StandardCharsets.UTF_8);
            HttpAnswer answer = services.ask(
                    IdentityServers.WHAT, OutboundRequest.get(Route.to(url), target, OutsideServices.MAX_ANSWER));
            return answer.status() == 200
                    && IdentityServers.json(answer)
                            .flatMap(body -> body.bool("valid"))
                            .orElse(false);
        } catch (MatrixException | IllegalArgumentException e) {
            LOG.info("Nobody says at {} whether a key is valid: {}", key.validityUrl(), e.getMessage());
            return false;
        }
    }

    private JsonObject ask(Address address, String endpoint, @Nullable JsonObject body) {
        Route route = IdentityServers.route(address.server());
        OutboundRequest request = body == null
                ? OutboundRequest.get(route, API + endpoint, OutsideServices.MAX_ANSWER)
                : OutboundRequest.post(
                        route,
                        API + endpoint,
                        OutboundRequest.Body.json(CanonicalJson.encode(body)),
                        OutsideServices.MAX_ANSWER);
        HttpAnswer answer = services.ask(
                IdentityServers.WHAT,
                request.with("Authorization", "Bearer " + IdentityServers.headerValue(address.accessToken())));
        return IdentityServers.json(answer).filter(_ -> answer.status() == 200).orElseThrow(() -> {
            LOG.info("The identity server {} answers {} with {}", address.server(), endpoint, answer.status());
            return answer.status() == 401 || answer.status() == 403
                    ? new MatrixException(403, "M_UNAUTHORIZED", "The identity server does not accept the token.")
                    : unusable();
        });
    }

    private static MatrixError error(MatrixException e) {
        return new MatrixError(
                e.status(),
                e.body().string("errcode").orElse("M_UNKNOWN"),
                e.body().string("error").orElse(""));
    }

    private static MatrixException unusable() {
        return new MatrixException(502, "M_UNKNOWN", "The identity server gives no answer that can be used.");
    }
}
