package io.myelin.accountserver.authentication;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.time.Duration;
import java.util.List;

/**
 * Lets a request pass once one of its stages is proven; otherwise answers which stages there are. Each flow has a single
 * stage, so a session need not remember completed stages: it is a ticket, which any instance can check. Client-server API,
 * "User-Interactive Authentication API".
 */
public final class InteractiveAuthentication {
    private static final Duration VALIDITY = Duration.ofMinutes(30);

    private final Tickets sessions;

    public InteractiveAuthentication(Tickets sessions) {
        this.sessions = sessions;
    }

    /**
     * @param operation what the session permits: who makes the request, and what it changes
     * @param body of the request, of which {@code auth} is read
     * @throws MatrixException with the flows, if the request has proven none of its stages; forbidden, without a further
     *     attempt, if the session belongs to another operation
     */
    public void require(String operation, RequestFields body, List<? extends Stage> stages) {
        RequestFields auth = body.fields("auth");
        if (auth == null || (auth.has("session") && !auth.has("type"))) {
            throw challenge(operation, stages, JsonObject.builder());
        }
        String session = auth.string("session");
        if (session != null && !sessions.accepts(operation, session)) {
            if (!sessions.isOver(session)) {
                throw new MatrixException(MatrixError.forbidden("The session was begun for another request."));
            }
            throw challenge(
                    operation, stages, refusal("M_UNKNOWN", "The session is not known, or it is over: begin anew."));
        }
        String type = auth.requiredString("type");
        Stage stage = stages.stream()
                .filter(candidate -> candidate.type().equals(type))
                .findFirst()
                .orElseThrow(() -> challenge(operation, stages, refusal("M_UNRECOGNIZED", "There is no such stage.")));
        if (!stage.isProven(auth)) {
            throw challenge(operation, stages, refusal("M_FORBIDDEN", "That is not right."));
        }
    }

    private MatrixException challenge(String operation, List<? extends Stage> stages, JsonObjectBuilder body) {
        JsonArray flows = new JsonArray(stages.stream()
                .<Json>map(stage -> JsonObject.of("stages", JsonArray.ofStrings(List.of(stage.type()))))
                .toList());
        return new MatrixException(
                401,
                body.put("flows", flows)
                        .put("params", JsonObject.EMPTY)
                        .put("completed", JsonArray.EMPTY)
                        .put("session", sessions.issue(operation, VALIDITY))
                        .build());
    }

    private static JsonObjectBuilder refusal(String errcode, String error) {
        return JsonObject.builder().put("errcode", errcode).put("error", error);
    }
}
