package io.myelin.clientroomsend.lookup;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/** Profiles of this server's users. Account-server is asked for each membership that shows a profile. */
public final class Profiles {
    private final AccountQueries accounts;
    private final ServerName server;
    private final int shards;

    public Profiles(AccountQueries accounts, ServerName server, int shards) {
        this.accounts = accounts;
        this.server = server;
        this.shards = shards;
    }

    /** The user's profile; null for users of other servers and for users that were never registered. */
    public @Nullable Profile of(UserId user) {
        return user.isOn(server) ? accounts.profile(user).orElse(null) : null;
    }

    /** The requester's profile. If account-server has none, an empty profile that any real one supersedes. */
    public Profile ofRequester(UserId user) {
        Profile profile = of(user);
        return profile == null ? Profile.empty(user, new Position(Partitions.of(user.value(), shards), 0, 0)) : profile;
    }
}
