package io.myelin.accountserver.authentication;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for, and what they have to prove for it.
 *
 * @param name what a session permits; a session for one name permits no other
 * @param requester the user who asks; null where nobody is logged in
 * @param flows the ways to get it: each a list of stages, all of which have to be completed
 * @param parameters what a session remembers of its requests, without secrets, once this one is added to what it remembers already
 */
public record Operation(
        String name, @Nullable UserId requester, List<List<String>> flows, UnaryOperator<JsonObject> parameters) {
    /** The name of registering. */
    public static final String REGISTER = "register";

    /** The name of setting a new password without the old one. */
    public static final String RESET_PASSWORD = "reset password";

    private static final int MAX_NAME = 2_000;

    public Operation {
        flows = List.copyOf(flows);
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException("The name of an operation is not stored if it is so long.");
        }
    }

    public static Operation of(String name, UserId requester, List<List<String>> flows) {
        return new Operation(name, requester, flows, UnaryOperator.identity());
    }

    boolean isPermittedBy(Set<String> completed) {
        return flows.stream().anyMatch(completed::containsAll);
    }
}
