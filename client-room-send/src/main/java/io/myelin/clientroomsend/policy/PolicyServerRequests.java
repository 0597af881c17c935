package io.myelin.clientroomsend.policy;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomAnswer.PolicySignatureNeeded;
import io.myelin.federation.authentication.SignedRequest;
import io.myelin.federation.destination.DestinationUnavailable;
import io.myelin.federation.destination.Destinations;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.event.EventTooLarge;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.PolicyServer;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.outbound.HttpAnswer;
import io.myelin.web.MatrixException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks policy servers to sign events, {@code POST /_matrix/policy/v1/sign}. A refusal goes to the client as the policy server
 * wrote it, but for errors that the client would take for an answer about its own session. Without a valid signature nothing is sent, as in Synapse: the policy server may
 * be down or wrong, but the room's administrators have decided that it has the say, and can take that back without it.
 */
public final class PolicyServerRequests implements PolicedCommands.Signatures {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyServerRequests.class);

    private static final String PATH = "/_matrix/policy/v1/sign";
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_ERROR = 1_000;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final long LONGEST_PAUSE_MILLIS = 3_600_000;
    private static final long USUAL_PAUSE_MILLIS = 1_000;
    private static final Pattern ERRCODE = Pattern.compile("[A-Za-z0-9_.]{1,100}");

    /** What clients would take for an answer about their own session or account. */
    private static final Pattern OF_SESSIONS =
            Pattern.compile("M_(UNKNOWN_TOKEN|MISSING_TOKEN|UNAUTHORIZED|CONSENT_NOT_GIVEN|USER_.*)");

    private final ServerName ourselves;
    private final Supplier<SigningKey> key;
    private final Supplier<Destinations> destinations;

    /**
     * @param key of this server, which signs the requests
     * @param destinations looked up when the first policy server is asked
     */
    public PolicyServerRequests(
            ServerName ourselves, Supplier<SigningKey> key, Supplier<Destinations> destinations) {
        this.ourselves = ourselves;
        this.key = key;
        this.destinations = destinations;
    }

    @Override
    public byte[] sign(PolicySignatureNeeded needed) {
        var server = new PolicyServer(needed.server(), VerifyKey.of(needed.key()));
        Pdu event = Pdu.stored(
                RoomVersions.find(needed.version()).orElseThrow(() -> unsupported(needed.version())),
                needed.id(),
                needed.event());
        HttpAnswer answer = ask(server.name(), event);
        if (answer.status() != OK) {
            throw refusal(server.name(), answer);
        }
        Pdu signed = signed(server, event, answer);
        if (!server.recommends(signed)) {
            throw new MatrixException(MatrixError.forbidden(
                    "The policy server of this room, " + server.name() + ", has not signed the event as it should."));
        }
        return signed.bytes();
    }

    private HttpAnswer ask(ServerName server, Pdu event) {
        var request = new SignedRequest("POST", PATH, ourselves, server, event.json());
        try {
            return destinations
                    .get()
                    .post(server, PATH, event.bytes(), request.sign(key.get()).header(), MAX_BYTES);
        } catch (DestinationUnavailable e) {
            LOG.debug("A policy server cannot be asked", e);
            throw unavailable(server);
        }
    }

    private static Pdu signed(PolicyServer server, Pdu event, HttpAnswer answer) {
        try {
            return server.signed(event, parsed(answer).orElse(JsonObject.EMPTY));
        } catch (EventTooLarge e) {
            throw new MatrixException(413, "M_TOO_LARGE", "With its signatures, the event would be too large.");
        }
    }

    private static MatrixException refusal(ServerName server, HttpAnswer answer) {
        JsonObject body = parsed(answer).orElse(JsonObject.EMPTY);
        String errcode = body.string("errcode").filter(code -> ERRCODE.matcher(code).matches()).orElse(null);
        boolean isRefusal = answer.status() >= BAD_REQUEST && answer.status() < SERVER_ERROR;
        if (errcode == null || !isRefusal) {
            LOG.debug("The policy server {} answers {}", server, answer.status());
            return unavailable(server);
        }
        String error = body.string("error")
                .map(PolicyServerRequests::shown)
                .filter(text -> !text.isBlank())
                .orElse("The policy server of this room does not allow that.");
        if (answer.status() == TOO_MANY) {
            long pause = body.integer("retry_after_ms").orElse(USUAL_PAUSE_MILLIS);
            // Not of this user's rate: what waits to be sent later is sent later.
            return MatrixException.with(
                    new MatrixError(TOO_MANY, "M_LIMIT_EXCEEDED", error),
                    "retry_after_ms",
                    Math.clamp(pause, 0, LONGEST_PAUSE_MILLIS));
        }
        return answer.status() == UNAUTHORIZED || OF_SESSIONS.matcher(errcode).matches()
                ? new MatrixException(MatrixError.forbidden(error))
                : new MatrixException(answer.status(), errcode, error);
    }

    /** A part of a stranger's text, without what is no text. */
    private static String shown(String text) {
        return text.codePoints()
                .limit(MAX_ERROR)
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static Optional<JsonObject> parsed(HttpAnswer answer) {
        try {
            return Optional.of(JsonParser.parseObject(answer.body(), JsonRules.LENIENT));
        } catch (InvalidJson e) {
            return Optional.empty();
        }
    }

    private static MatrixException unavailable(ServerName server) {
        return new MatrixException(
                502,
                "M_UNKNOWN",
                "The policy server of this room, " + server + ", does not answer, so nothing can be sent there now.");
    }

    private static MatrixException unsupported(String version) {
        return new MatrixException(
                400, "M_UNSUPPORTED_ROOM_VERSION", "This server does not know the room version " + version + ".");
    }
}
