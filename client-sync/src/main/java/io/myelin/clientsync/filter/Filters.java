package io.myelin.clientsync.filter;

import io.myelin.clientsync.cache.BudgetedCache;
import io.myelin.clientsync.cache.MemoryBudget;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds a client's filter by its ID, or parses it if the client sends the filter itself. Filters never change, so they
 * are cached.
 */
public final class Filters {

    private static final int FILTER = 1_000;
    private static final int MOST_BYTES = 64 << 10;

    /** A list of short texts takes so many times the bytes of its JSON. */
    private static final int WEIGHT_OF_A_BYTE = 12;

    private record Key(@Nullable UserId user, String filter) {}

    private final AccountQueries accounts;
    private final BudgetedCache<Key, SyncFilter> known;

    public Filters(AccountQueries accounts, MemoryBudget budget) {
        this.accounts = accounts;
        this.known = new BudgetedCache<>(budget);
    }

    /**
     * @param filter an ID, or JSON; null for none
     * @throws InvalidFilter if there is no such filter, or it is not valid
     */
    public SyncFilter find(UserId user, @Nullable String filter) {
        if (filter == null || filter.isEmpty()) {
            return SyncFilter.ALL;
        }
        boolean inline = filter.startsWith("{");
        Key key = new Key(inline ? null : user, filter);
        SyncFilter found = known.get(key);
        if (found == null) {
            byte[] json = inline ? utf8(filter) : stored(user, filter);
            if (json.length > MOST_BYTES) {
                throw new InvalidFilter("A filter is at most " + MOST_BYTES + " bytes large.");
            }
            found = SyncFilter.parse(JsonParser.parseObject(json)).ofBytes(json.length);
            known.put(key, found, FILTER + (long) WEIGHT_OF_A_BYTE * (json.length + filter.length()));
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
