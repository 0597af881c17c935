package io.myelin.clientroomsend.facts;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/** Profiles of this server's users, asked of account-server for every membership that is to show one. */
public final class Profiles {
    private final AccountQueries accounts;
    private final ServerName server;
    private final int shards;

    public Profiles(AccountQueries accounts, ServerName server, int shards) {
        this.accounts = accounts;
        this.server = server;
        this.shards = shards;
    }

    /** Null for users of other servers, and for users who never were. */
    public @Nullable Profile of(UserId user) {
        return user.isOn(server) ? accounts.profile(user).orElse(null) : null;
    }

    /** Of somebody who is there: an empty one, older than any other, if account-server knows none. */
    public Profile ofRequester(UserId user) {
        Profile profile = of(user);
        return profile == null ? Profile.empty(user, new Position(Partitions.of(user.value(), shards), 0, 0)) : profile;
    }
}
