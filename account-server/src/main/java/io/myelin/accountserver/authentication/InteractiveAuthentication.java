package io.myelin.accountserver.authentication;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass once all stages of one of its flows are completed; otherwise answers which there are. What has been
 * completed is stored in a session, which any instance continues. A session permits the operation that it was begun for,
 * and one request of it. Where a single request proves enough, no session is stored. Client-server API,
 * "User-Interactive Authentication API".
 */
public final class InteractiveAuthentication {
    /** How long a client has to complete a session. */
    static final Duration VALIDITY = Duration.ofHours(1);

    private static final int ID_BYTES = 18;

    private final AuthenticationSessions sessions;
    private final Stages stages;
    private final AttemptLimit begun;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param begun how many sessions an address may begin, and how often it may change what sessions remember
     * @param random a generator that is fit for secrets
     */
    public InteractiveAuthentication(
            AuthenticationSessions sessions,
            Stages stages,
            AttemptLimit begun,
            InstantSource clock,
            RandomGenerator random) {
        this.sessions = sessions;
        this.stages = stages;
        this.begun = begun;
        this.clock = clock;
        this.random = random;
    }

    /**
     * As {@link #require}, for a request that only changes what belongs to its user: a session permits one such request,
     * and the same one again.
     */
    public Completed requireFor(Operation operation, RequestFields body, ClientAddress client) {
        return require(operation, body, client, purpose(body));
    }

    /** As {@link #requireFor}, for a request that gives something new each time: a session permits no repetition. */
    public Completed requireOnce(Operation operation, RequestFields body, ClientAddress client) {
        byte[] unique = new byte[ID_BYTES];
        random.nextBytes(unique);
        return require(operation, body, client, unique);
    }

    private Completed require(Operation operation, RequestFields body, ClientAddress client, byte[] purpose) {
        Completed completed = require(operation, body, client);
        String session = completed.session();
        if (session != null && !sessions.use(session, purpose)) {
            throw challenge(
                    operation,
                    begin(operation, client),
                    refusal("M_UNKNOWN", "The session was used for another request already: begin anew."));
        }
        return completed;
    }

    /**
     * @param body of the request, of which {@code auth} is read
     * @throws MatrixException with the flows, if the request has not completed any of them; forbidden, without a further
     *     attempt, if the session belongs to another operation
     */
    public Completed require(Operation operation, RequestFields body, ClientAddress client) {
        RequestFields auth = body.fields("auth");
        if (auth == null || !(auth.json().has("type") || auth.json().has("session"))) {
            throw challenge(operation, begin(operation, client), JsonObject.builder());
        }
        AuthenticationSessions.Kept session = null;
        String id = auth.string("session");
        if (id != null) {
            session = sessions.find(id, clock.millis())
                    .orElseThrow(() -> challenge(
                            operation,
                            begin(operation, client),
                            refusal("M_UNKNOWN", "The session is not known, or it is over: begin anew.")));
            if (!isOf(session, operation)) {
                throw new MatrixException(MatrixError.forbidden("The session was begun for another request."));
            }
        }
        String type = auth.string("type");
        if (type != null) {
            session = attempt(operation, body, auth, client, type, session);
        } else if (session == null) {
            throw auth.missing("type");
        }
        if (!operation.isPermittedBy(session.proofs().keySet())) {
            if (id != null) {
                remember(operation, body, client, session);
            }
            throw challenge(operation, session, JsonObject.builder());
        }
        requireTheirs(operation, session);
        return new Completed(
                session.id().isEmpty() ? null : session.id(),
                session.proofs(),
                session.parameters(),
                session.registered(),
                session.expiresAt() - VALIDITY.toMillis());
    }

    /** The session, if there is one. */
    public Optional<AuthenticationSessions.Kept> find(@Nullable String id) {
        return id == null ? Optional.empty() : sessions.find(id, clock.millis());
    }

    /**
     * Completes a stage outside the request, on a page for people.
     *
     * @return what it proved; refused, if it did not
     * @throws MatrixException if there is no such session or stage
     */
    public Proof complete(String sessionId, String type, RequestFields auth, ClientAddress client) {
        AuthenticationSessions.Kept session = session(sessionId);
        Stage stage = stage(type);
        Proof proof = stage.prove(new Attempt(session.operation(), auth, client, session.requester()));
        return proof instanceof Proof.Given(String of) && !stage.complete(sessions, sessionId, of, clock.millis())
                ? Proof.WRONG
                : proof;
    }

    /**
     * Completes a stage that another part of the server has proven, such as single sign-on.
     *
     * @throws MatrixException if there is no such session
     */
    public void complete(String sessionId, String type, String proof) {
        session(sessionId);
        stage(type).complete(sessions, sessionId, proof, clock.millis());
    }

    /** @throws MatrixException if there is no such session */
    public AuthenticationSessions.Kept session(String id) {
        return sessions.find(id, clock.millis())
                .orElseThrow(() -> new MatrixException(400, "M_UNKNOWN", "The session is not known, or it is over."));
    }

    /** @throws MatrixException if there is no such stage here */
    public Stage stage(String type) {
        return stages.find(type)
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no such stage.")));
    }

    private AuthenticationSessions.Kept attempt(
            Operation operation,
            RequestFields body,
            RequestFields auth,
            ClientAddress client,
            String type,
            AuthenticationSessions.@Nullable Kept session) {
        if (session != null && session.proofs().containsKey(type)) {
            return session;
        }
        Optional<Stage> known = stages.find(type);
        if (known.isEmpty()) {
            throw challenge(
                    operation,
                    goesOn(operation, body, client, session),
                    refusal("M_UNRECOGNIZED", "There is no such stage."));
        }
        Stage stage = known.get();
        return switch (stage.prove(new Attempt(operation.name(), auth, client, operation.requester()))) {
            case Proof.Given(String of) -> completed(operation, client, stage, of, session);
            case Proof.Missing(String errcode, String error) ->
                throw challenge(operation, goesOn(operation, body, client, session), refusal(errcode, error));
        };
    }

    private AuthenticationSessions.Kept goesOn(
            Operation operation,
            RequestFields body,
            ClientAddress client,
            AuthenticationSessions.@Nullable Kept session) {
        if (session == null) {
            return begin(operation, client);
        }
        remember(operation, body, client, session);
        return session;
    }

    /**
     * What a later request says counts in place of what earlier ones did; one that only has {@code auth} says nothing. Once an
     * address is proven, nobody who learns of the session can have it register somebody else.
     */
    private void remember(
            Operation operation, RequestFields body, ClientAddress client, AuthenticationSessions.Kept session) {
        if (body.json().without("auth").isEmpty()
                || session.registered() != null
                || AuthenticationSessions.OF_ADDRESSES.stream()
                        .anyMatch(session.proofs()::containsKey)) {
            return;
        }
        JsonObject parameters = operation.parameters().apply(session.parameters());
        if (!parameters.equals(session.parameters())) {
            count("change of a session from ", client);
            sessions.remember(session.id(), parameters);
        }
    }

    private AuthenticationSessions.Kept completed(
            Operation operation,
            ClientAddress client,
            Stage stage,
            String proof,
            AuthenticationSessions.@Nullable Kept before) {
        Map<String, String> proofs = new LinkedHashMap<>(before == null ? Map.of() : before.proofs());
        proofs.put(stage.type(), proof);
        if (before == null && !stage.isHeld() && operation.isPermittedBy(proofs.keySet())) {
            return new AuthenticationSessions.Kept(
                    "", operation.name(), operation.requester(), JsonObject.EMPTY, proofs, null, clock.millis());
        }
        AuthenticationSessions.Kept session = before == null ? begin(operation, client) : before;
        if (!stage.complete(sessions, session.id(), proof, clock.millis())) {
            throw challenge(operation, session, refusal("M_FORBIDDEN", "That is not right, or it was used up."));
        }
        return new AuthenticationSessions.Kept(
                session.id(),
                session.operation(),
                session.requester(),
                session.parameters(),
                proofs,
                session.registered(),
                session.expiresAt());
    }

    /** A stage that proves who somebody is must have proven that it is whoever makes the request. */
    private static void requireTheirs(Operation operation, AuthenticationSessions.Kept session) {
        UserId requester = operation.requester();
        String proven = session.proofs().get(SsoStage.TYPE);
        if (requester != null && proven != null && !proven.equals(requester.value())) {
            throw new MatrixException(
                    MatrixError.forbidden("Another user has logged in at the single sign-on service."));
        }
    }

    private static boolean isOf(AuthenticationSessions.Kept session, Operation operation) {
        return session.operation().equals(operation.name())
                && Objects.equals(session.requester(), operation.requester());
    }

    private AuthenticationSessions.Kept begin(Operation operation, ClientAddress client) {
        count("session from ", client);
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        var session = new AuthenticationSessions.Kept(
                UnpaddedBase64.encodeUrlSafe(id),
                operation.name(),
                operation.requester(),
                operation.parameters().apply(JsonObject.EMPTY),
                Map.of(),
                null,
                clock.millis() + VALIDITY.toMillis());
        sessions.begin(session);
        return session;
    }

    private void count(String what, ClientAddress client) {
        if (!client.onThisMachine()) {
            begun.attempt(what + client.network());
        }
    }

    private MatrixException challenge(
            Operation operation, AuthenticationSessions.Kept session, JsonObjectBuilder body) {
        JsonArray flows = new JsonArray(operation.flows().stream()
                .<Json>map(flow -> JsonObject.of("stages", JsonArray.ofStrings(flow)))
                .toList());
        JsonObjectBuilder parameters = JsonObject.builder();
        operation.flows().stream()
                .flatMap(List::stream)
                .distinct()
                .forEach(type ->
                        stages.find(type).map(Stage::parameters).ifPresent(known -> parameters.put(type, known)));
        return new MatrixException(
                401,
                body.put("flows", flows)
                        .put("params", parameters.build())
                        .put(
                                "completed",
                                JsonArray.ofStrings(List.copyOf(session.proofs().keySet())))
                        .put("session", session.id())
                        .build());
    }

    private static JsonObjectBuilder refusal(String errcode, String error) {
        return JsonObject.builder().put("errcode", errcode).put("error", error);
    }

    /** The hash of a request without what authenticates it. */
    private static byte[] purpose(RequestFields body) {
        return Sha256.hash(CanonicalJson.encode(body.json().without("auth")));
    }
}
