package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.EntityKey;
import io.myelin.accountserver.account.Inbox;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.AccountQueries.FilledInbox;
import io.myelin.contracts.account.ToDeviceInboxes.InboxMessage;
import io.myelin.contracts.account.ToDeviceInboxes.InboxPage;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code to_device}: messages that their devices have not got yet. */
final class ToDeviceTable {
    /** A page ends with the message that exceeds so many bytes of content. */
    private static final long PAGE_BYTES = 1 << 20;

    final TableRows added = TableRows.insert(
            "to_device",
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("seq", Type.LONG),
            Column.of("sender", Type.TEXT),
            Column.of("type", Type.TEXT),
            Column.of("content", Type.BYTES),
            Column.of("sent_at", Type.LONG));

    final TableRows dropped = deletions();

    final TableRows gaveWay = TableRows.delete(
            "to_device",
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("seq", Type.LONG));

    /**
     * Apart from {@link #dropped}: of several deletions for a device in one batch the last one counts, and one that follows
     * from an inbox in memory may be of older messages.
     */
    final TableRows removed = deletions();

    private static TableRows deletions() {
        return TableRows.deleteOlder(
                "to_device",
                3,
                Column.of("shard", Type.INT),
                Column.of("user_id", Type.TEXT),
                Column.of("device_id", Type.TEXT),
                Column.of("seq", Type.LONG));
    }

    void add(int shard, AccountChange.ToDeviceAdded message, long seq) {
        UserId user = message.published().user();
        String device = message.published().device();
        added.add(
                shard,
                user.value(),
                device,
                seq,
                message.sender().value(),
                message.type(),
                message.content(),
                message.sentAt());
        message.gaveWay().forEach(number -> gaveWay.add(shard, user.value(), device, number));
    }

    void drop(int shard, UserId user, String device, long upTo) {
        dropped.add(shard, user.value(), device, upTo + 1);
    }

    /** @param seq of the device's removal */
    void remove(int shard, UserId user, String device, long seq) {
        removed.add(shard, user.value(), device, seq);
    }

    static Map<String, UserState> load(JdbcClient jdbc, int shard, List<EntityKey.OfInbox> inboxes) {
        Map<String, List<Inbox.Waiting>> found = new HashMap<>();
        jdbc.sql("""
            SELECT t.user_id, t.device_id, t.seq, octet_length(t.content), t.sender
              FROM unnest(?::text[], ?::text[]) AS wanted (user_id, device_id)
              JOIN to_device t ON t.shard = ? AND t.user_id = wanted.user_id AND t.device_id = wanted.device_id
             ORDER BY t.seq\
            """)
                .param(inboxes.stream().map(key -> key.user().value()).toArray(String[]::new))
                .param(inboxes.stream().map(EntityKey.OfInbox::device).toArray(String[]::new))
                .param(shard)
                .query(row -> {
                    String key = new EntityKey.OfInbox(new UserId(row.getString(1)), row.getString(2)).text();
                    found.computeIfAbsent(key, _ -> new ArrayList<>())
                            .add(new Inbox.Waiting(
                                    row.getLong(3), row.getInt(4), Inbox.sender(new UserId(row.getString(5)))));
                });
        Map<String, UserState> states = new HashMap<>();
        for (EntityKey.OfInbox inbox : inboxes) {
            states.put(inbox.text(), new Inbox(found.getOrDefault(inbox.text(), List.of())));
        }
        return states;
    }

    /** The user's devices that have messages: one look into the index for each end of an inbox. */
    static List<FilledInbox> filled(JdbcClient jdbc, int shard, UserId user) {
        return jdbc.sql("""
            SELECT d.device_id, first.seq, newest.seq
              FROM device d,
                   LATERAL (SELECT seq FROM to_device t
                             WHERE t.shard = d.shard AND t.user_id = d.user_id AND t.device_id = d.device_id
                             ORDER BY seq LIMIT 1) AS first,
                   LATERAL (SELECT seq FROM to_device t
                             WHERE t.shard = d.shard AND t.user_id = d.user_id AND t.device_id = d.device_id
                             ORDER BY seq DESC LIMIT 1) AS newest
             WHERE d.shard = ? AND d.user_id = ? AND d.token_hash IS NOT NULL\
            """)
                .params(shard, user.value())
                .query((row, _) -> new FilledInbox(row.getString(1), row.getLong(2), row.getLong(3)))
                .list();
    }

    static InboxPage page(JdbcClient jdbc, int shard, UserId user, String device, long after, long upTo, int limit) {
        List<InboxMessage> messages = jdbc.sql("""
            SELECT seq, sender, type, content
              FROM (SELECT seq, sender, type, content,
                           sum(octet_length(content)) OVER (ORDER BY seq) - octet_length(content) AS before
                      FROM (SELECT * FROM to_device
                             WHERE shard = ? AND user_id = ? AND device_id = ? AND seq > ? AND seq <= ?
                             ORDER BY seq LIMIT ?) AS oldest) AS weighed
             WHERE before < ? ORDER BY seq\
            """)
                .params(shard, user.value(), device, after, upTo, limit, PAGE_BYTES)
                .query((row, _) -> new InboxMessage(
                        row.getLong(1), new UserId(row.getString(2)), row.getString(3), row.getBytes(4)))
                .list();
        boolean more = !messages.isEmpty()
                && jdbc.sql("""
                    SELECT EXISTS (SELECT FROM to_device
                                    WHERE shard = ? AND user_id = ? AND device_id = ? AND seq > ? AND seq <= ?)\
                    """)
                        .params(shard, user.value(), device, messages.getLast().seq(), upTo)
                        .query(Boolean.class)
                        .single();
        return new InboxPage(messages, more);
    }

    /** A device whose oldest messages have waited too long. */
    record Stale(UserId user, String device, long upTo) {}

    /** Some devices with messages that were sent before a time, in milliseconds since the epoch, in some shards. */
    static List<Stale> sentBefore(JdbcClient jdbc, List<Integer> shards, long time, int limit) {
        return jdbc.sql("""
            SELECT user_id, device_id, max(seq)
              FROM (SELECT shard, user_id, device_id, seq FROM to_device
                     WHERE sent_at < ? AND shard = ANY (?) ORDER BY sent_at LIMIT ?) AS old
             GROUP BY shard, user_id, device_id\
            """)
                .params(time, shards.toArray(Integer[]::new), limit)
                .query((row, _) -> new Stale(new UserId(row.getString(1)), row.getString(2), row.getLong(3)))
                .list();
    }
}
