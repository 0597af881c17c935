package io.myelin.clientsync.filter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds filters by what a client names them with: an ID, or the filter itself. Both never change, so they are kept. */
public final class Filters {

    private record Key(@Nullable UserId user, String filter) {}

    private final AccountQueries accounts;
    private final Cache<Key, SyncFilter> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    public Filters(AccountQueries accounts) {
        this.accounts = accounts;
    }

    /**
     * @param filter an ID, or JSON; null for none
     * @throws InvalidFilter if there is no such filter, or it is none
     */
    public SyncFilter find(UserId user, @Nullable String filter) {
        if (filter == null || filter.isEmpty()) {
            return SyncFilter.ALL;
        }
        boolean inline = filter.startsWith("{");
        Key key = new Key(inline ? null : user, filter);
        SyncFilter found = known.getIfPresent(key);
        if (found == null) {
            found = SyncFilter.parse(JsonParser.parseObject(inline ? utf8(filter) : stored(user, filter)));
            known.put(key, found);
        }
        return found;
    }

    private byte[] stored(UserId user, String id) {
        return accounts.filter(user, id).orElseThrow(() -> new InvalidFilter("There is no such filter."));
    }

    /** A {@code RoomEventFilter}, always inline. */
    public static EventFilter ofRoomEvents(@Nullable String filter) {
        return filter == null || filter.isEmpty()
                ? EventFilter.ALL
                : EventFilter.parse(JsonParser.parseObject(utf8(filter)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
