package io.myelin.presenceserver.storage;

import io.myelin.contracts.Partitions;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.RowInvariants;
import java.util.List;

/** What holds in presence-server's table after every commit. */
public final class PresenceInvariants {

    public static final List<Invariant> ALL =
            List.of(RowInvariants.keyIsOfItsShard("presence", "user_id", Partitions::of));

    private PresenceInvariants() {}
}
