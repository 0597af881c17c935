package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserList;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists the rows of {@code account}, of all shards. */
public final class AccountList implements UserList {
    /** The ways to sort, by their names. */
    private static final Map<String, String> ORDERS = Map.ofEntries(
            Map.entry("name", "a.user_id"),
            Map.entry("is_guest", "a.guest"),
            Map.entry("admin", "a.admin"),
            Map.entry("user_type", "NULL::text"), // There are none.
            Map.entry("deactivated", "a.deactivated"),
            Map.entry("shadow_banned", "NULL::text"), // Nobody is.
            Map.entry("displayname", "displayname"),
            Map.entry("avatar_url", "avatar_url"),
            Map.entry("creation_ts", "a.created_at"),
            Map.entry("last_seen_ts", "last_seen"),
            Map.entry("locked", "a.locked"));

    private static final String LAST_SEEN =
            "(SELECT max(d.seen_at) FROM device_activity d WHERE d.user_id = a.user_id) AS last_seen";

    /** Names with an escaped control character are left out: PostgreSQL has no text with U+0000, which would fail the whole list. */
    private static final String FROM = """
          FROM account a LEFT JOIN profile p ON p.shard = a.shard AND p.user_id = a.user_id
         CROSS JOIN LATERAL (
            SELECT CASE WHEN position(convert_to('\\u', 'UTF8') IN p.fields) = 0
                        THEN convert_from(p.fields, 'UTF8')::json END AS fields) AS read
         CROSS JOIN LATERAL (
            SELECT read.fields ->> 'displayname' AS displayname, read.fields ->> 'avatar_url' AS avatar_url) AS shown
        """;

    private final ServiceDatabase database;

    public AccountList(ServiceDatabase database) {
        this.database = database;
    }

    @Override
    public Page page(Wanted wanted) {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        if (wanted.name() != null) {
            conditions.add("(position(lower(?) IN lower(split_part(substr(a.user_id, 2), ':', 1))) > 0"
                    + " OR position(lower(?) IN lower(displayname)) > 0)");
            values.add(wanted.name());
            values.add(wanted.name());
        } else if (wanted.userId() != null) {
            conditions.add("position(lower(?) IN lower(a.user_id)) > 0");
            values.add(wanted.userId());
        }
        is("a.guest", wanted.guests(), conditions, values);
        is("a.admin", wanted.admins(), conditions, values);
        is("a.deactivated", wanted.deactivated(), conditions, values);
        is("a.locked", wanted.locked(), conditions, values);
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        String direction = wanted.backwards() ? " DESC" : "";
        String order = " ORDER BY " + ORDERS.get(wanted.orderBy()) + direction + " NULLS LAST, a.user_id" + direction;
        return database.read(jdbc -> {
            long total = jdbc.sql("SELECT count(*)" + FROM + where)
                    .params(values)
                    .query(Long.class)
                    .single();
            List<Object> paged = new ArrayList<>(values);
            paged.add(wanted.limit());
            paged.add(wanted.from());
            List<Listed> users = jdbc.sql("""
                SELECT a.user_id, a.admin, a.guest, a.deactivated, a.erased, a.locked, a.suspended,
                       a.created_at, displayname, avatar_url,\
                """ + LAST_SEEN + FROM + where + order + " LIMIT ? OFFSET ?")
                    .params(paged)
                    .query((row, _) -> new Listed(
                            new UserId(row.getString(1)),
                            row.getBoolean(2),
                            row.getBoolean(3),
                            row.getBoolean(4),
                            row.getBoolean(5),
                            row.getBoolean(6),
                            row.getBoolean(7),
                            row.getLong(8),
                            row.getString(9),
                            row.getString(10),
                            row.getObject(11, Long.class)))
                    .list();
            return new Page(users, total);
        });
    }

    private static void is(String column, @Nullable Boolean wanted, List<String> conditions, List<Object> values) {
        if (wanted != null) {
            conditions.add(column + " = ?");
            values.add(wanted);
        }
    }
}
