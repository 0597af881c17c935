package io.myelin.accountserver.authentication;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Sessions of a test, in memory. There are no registration tokens. */
final class RememberedSessions implements AuthenticationSessions {
    private final Map<String, Kept> sessions = new HashMap<>();
    private final Map<String, byte[]> purposes = new HashMap<>();

    int count() {
        return sessions.size();
    }

    @Override
    public void begin(Kept session) {
        sessions.put(session.id(), session);
    }

    @Override
    public Optional<Kept> find(String id, long now) {
        return Optional.ofNullable(sessions.get(id)).filter(session -> session.expiresAt() > now);
    }

    @Override
    public void complete(String id, String stage, String proof) {
        Kept session = Objects.requireNonNull(sessions.get(id));
        Map<String, String> proofs = new LinkedHashMap<>(session.proofs());
        proofs.putIfAbsent(stage, proof);
        sessions.put(
                id,
                new Kept(
                        id,
                        session.operation(),
                        session.requester(),
                        session.parameters(),
                        proofs,
                        session.registered(),
                        session.expiresAt()));
    }

    @Override
    public void remember(String id, JsonObject parameters) {
        sessions.computeIfPresent(
                id,
                (_, session) -> session.registered() != null
                                || OF_ADDRESSES.stream().anyMatch(session.proofs()::containsKey)
                        ? session
                        : new Kept(
                        id,
                        session.operation(),
                        session.requester(),
                        parameters,
                        session.proofs(),
                        session.registered(),
                        session.expiresAt()));
    }

    @Override
    public boolean hold(String id, String stage, String token, long now) {
        return false;
    }

    @Override
    public boolean use(String id, byte[] purpose) {
        byte[] before = purposes.putIfAbsent(id, purpose);
        return before == null || Arrays.equals(before, purpose);
    }

    @Override
    public Optional<Registered> register(String id, UserId user) {
        return Optional.of(new Registered(user, true));
    }

    @Override
    public void unregister(String id, UserId user) {}
}
