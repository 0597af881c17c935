package io.myelin.accountserver.account;

import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists users for administrators, one page at a time. */
public interface UserList {
    /** The ways to sort, in Synapse's words. */
    Set<String> ORDERS = Set.of(
            "name",
            "is_guest",
            "admin",
            "user_type",
            "deactivated",
            "shadow_banned",
            "displayname",
            "avatar_url",
            "creation_ts",
            "last_seen_ts",
            "locked");

    /**
     * Which accounts are wanted. Of the booleans, null is for all accounts.
     *
     * @param name part of the localpart or of the display name, whatever the case
     * @param userId part of the user ID, whatever the case; ignored where there is a name
     * @param orderBy one of {@link #ORDERS}
     */
    record Wanted(
            long from,
            int limit,
            boolean backwards,
            String orderBy,
            @Nullable String name,
            @Nullable String userId,
            @Nullable Boolean guests,
            @Nullable Boolean admins,
            @Nullable Boolean deactivated,
            @Nullable Boolean locked) {}

    /**
     * An account of the list. Times are milliseconds since the epoch.
     *
     * @param lastSeen when one of the user's devices was last seen, to some minutes; null if that is not known
     */
    record Listed(
            UserId user,
            boolean admin,
            boolean guest,
            boolean deactivated,
            boolean erased,
            boolean locked,
            boolean suspended,
            long createdAt,
            @Nullable String displayName,
            @Nullable String avatarUrl,
            @Nullable Long lastSeen) {}

    /** @param total how many accounts there are in all pages */
    record Page(List<Listed> users, long total) {}

    Page page(Wanted wanted);
}
