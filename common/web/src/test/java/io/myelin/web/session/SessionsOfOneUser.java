package io.myelin.web.session;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Queries that know sessions, count the calls, and can be made unavailable. */
public final class SessionsOfOneUser implements AccountQueries {
    private final Map<TokenHash, Session> sessions = new HashMap<>();
    private Runnable beforeAnswer = () -> {};
    private int questions;

    public void add(byte[] tokenHash, Session session) {
        sessions.put(TokenHash.of(tokenHash), session);
    }

    void remove(byte[] tokenHash) {
        sessions.remove(TokenHash.of(tokenHash));
    }

    void whenAsked(Runnable action) {
        beforeAnswer = action;
    }

    int questions() {
        return questions;
    }

    @Override
    public Optional<Session> session(UserId user, byte[] tokenHash) {
        questions++;
        Optional<Session> answer = Optional.ofNullable(sessions.get(TokenHash.of(tokenHash)));
        beforeAnswer.run();
        return answer;
    }

    @Override
    public Optional<Profile> profile(UserId user) {
        return Optional.empty();
    }

    @Override
    public List<UserId> erased(List<UserId> users) {
        return List.of();
    }

    @Override
    public AccountData accountData(UserId user) {
        return new AccountData(0, 1, 0, List.of());
    }

    @Override
    public Optional<byte[]> filter(UserId user, String filterId) {
        return Optional.empty();
    }

    @Override
    public Committed committed(int shard) {
        return new Committed(1, 0);
    }

    @Override
    public ReplayPage<AccountFact> replay(int shard, long after, int limit) {
        return new ReplayPage<>(1, List.of(), after, after);
    }
}
