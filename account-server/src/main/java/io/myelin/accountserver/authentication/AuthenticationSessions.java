package io.myelin.accountserver.authentication;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of user-interactive authentication. They are stored, so that any instance can continue what another began, and
 * that a session is used once: for one request, or for one new user. Times are milliseconds since the epoch.
 */
public interface AuthenticationSessions {
    /** The stages that prove an address. */
    List<String> OF_ADDRESSES = List.of(EmailStage.TYPE, MsisdnStage.TYPE);

    /**
     * A session.
     *
     * @param operation what it permits
     * @param requester the user who is to prove who they are; null where nobody is logged in
     * @param parameters what the requests said so far, without secrets
     * @param proofs what the completed stages proved, by their type, in the order in which they were completed
     * @param registered the user who was registered with it
     * @param expiresAt milliseconds since the epoch
     */
    record Kept(
            String id,
            String operation,
            @Nullable UserId requester,
            JsonObject parameters,
            Map<String, String> proofs,
            @Nullable UserId registered,
            long expiresAt) {}

    /**
     * The user that a session registers.
     *
     * @param isFirst whether this call has chosen the user
     */
    record Registered(UserId user, boolean isFirst) {}

    void begin(Kept session);

    /** Empty if the session has expired, or never existed. */
    Optional<Kept> find(String id, long now);

    /** Remembers that a stage is completed. Of several proofs of one stage, the first counts. */
    void complete(String id, String stage, String proof);

    /** Replaces what the session remembers of its requests, unless it has registered a user or has the proof of an address. */
    void remember(String id, JsonObject parameters);

    /**
     * Completes the stage of a registration token: the session holds one of its uses until it expires.
     *
     * @return whether the token had a use left
     */
    boolean hold(String id, String stage, String token, long now);

    /**
     * Uses the session for a request, and for no other.
     *
     * @param purpose the hash of the request
     * @return whether it had not been used for another request
     */
    boolean use(String id, byte[] purpose);

    /**
     * Uses the session to register a user, and spends the use of a token that it holds.
     *
     * @return the user that the session registers: the given one, or the one that an earlier call named; empty if
     *     the session is over, or if the token that it holds was deleted; then it needs another one
     */
    Optional<Registered> register(String id, UserId user);

    /** Undoes {@link #register}, if the user could not be registered. */
    void unregister(String id, UserId user);
}
