package io.myelin.clientroomsend;

import io.myelin.contracts.NotOffered;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.session.AccessToken;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A fake account-server: each user has one session, and their name in capitals as display name. */
final class FakeAccounts implements AccountQueries {
    private record Account(AccessToken token, Session session) {}

    private final Map<UserId, Account> accounts = new HashMap<>();
    private volatile boolean older;
    private final Map<String, byte[]> data = new ConcurrentHashMap<>();

    String add(UserId user, boolean guest) {
        return add(user, guest, false);
    }

    String add(UserId user, boolean guest, boolean admin) {
        var token = AccessToken.make(user, RandomGenerator.getDefault());
        accounts.put(user, new Account(token, new Session(user, "DEVICE", admin, guest, 1)));
        return token.text();
    }

    String addSuspended(UserId user) {
        var token = AccessToken.make(user, RandomGenerator.getDefault());
        accounts.put(user, new Account(token, new Session(user, "DEVICE", false, false, 1, 0, false, true)));
        return token.text();
    }

    @Override
    public Optional<Session> session(UserId user, byte[] tokenHash) {
        return Optional.ofNullable(accounts.get(user))
                .filter(account -> Arrays.equals(account.token().hash(), tokenHash))
                .map(Account::session);
    }

    @Override
    public Optional<Profile> profile(UserId user) {
        return accounts.containsKey(user)
                ? Optional.of(new Profile(
                        user, new Position(0, 1, 1), user.localpart().toUpperCase(), null, Map.of(), false))
                : Optional.empty();
    }

    @Override
    public List<UserId> erased(List<UserId> users) {
        return List.of();
    }

    void accountData(UserId user, String type, @Nullable String content) {
        if (content == null) {
            data.remove(user + type);
        } else {
            data.put(user + type, content.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public Optional<byte[]> accountDatum(UserId user, @Nullable RoomId room, String type) {
        if (older) {
            throw new NotOffered("accountDatum");
        }
        return Optional.ofNullable(data.get(user + type));
    }

    @Override
    public AccountData accountData(UserId user) {
        List<AccountDatum> items = data.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(user.value()))
                .map(entry -> new AccountDatum(
                        null, entry.getKey().substring(user.value().length()), entry.getValue(), 1))
                .toList();
        return new AccountData(0, 1, 1, items);
    }

    /** Whether this is an account-server of the release before, which has no {@link #accountDatum}. */
    void older(boolean isOlder) {
        older = isOlder;
    }

    @Override
    public Optional<byte[]> filter(UserId user, String filterId) {
        throw new UnsupportedOperationException("The writer does not ask this.");
    }

    @Override
    public Committed committed(int shard) {
        return new Committed(1, 1);
    }

    @Override
    public ReplayPage<AccountFact> replay(int shard, long after, int limit) {
        throw new UnsupportedOperationException("The writer does not ask this.");
    }
}
