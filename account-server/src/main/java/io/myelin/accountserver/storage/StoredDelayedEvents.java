package io.myelin.accountserver.storage;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.postgres.UnshardedTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code delayed_event}. Every change is one statement, or made with the user's account locked. */
public final class StoredDelayedEvents implements DelayedEvents {
    /** How long what has become of an event can be asked. */
    private static final long FINALISED_MILLIS = TimeUnit.DAYS.toMillis(7);

    private static final int MOST_FINALISED = 100;
    private static final int SLICE = 1_000;

    /** How many finalised events a list has. */
    private static final int LISTED = 100;

    private static final long LONGEST_WAIT_MILLIS = 1_000;
    private static final String NOW = "(extract(epoch FROM statement_timestamp()) * 1000)::bigint";
    private static final String WITHOUT_CONTENT =
            "id, device_id, session, room_id, type, state_key, delay_ms, scheduled_at, sticky_ms";
    private static final String EVENT = WITHOUT_CONTENT + ", content";

    private static final String OF_USER = "id = ? AND (?::text IS NULL OR user_id = ?)";

    private final UnshardedTables tables;
    private final int shards;

    public StoredDelayedEvents(UnshardedTables tables, int shards) {
        this.tables = tables;
        this.shards = shards;
    }

    @Override
    public Scheduling schedule(UserId user, DelayedEvent event, byte @Nullable [] transaction, int most) {
        return tables.transact(jdbc -> {
            // One after the other for each user, so that the limit holds; the lock ends with the transaction.
            jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(?, 4140))")
                    .param(user.value())
                    .query((_, _) -> true)
                    .single();
            Optional<String> known = known(jdbc, user, event.id(), transaction);
            if (known.isPresent()) {
                return new Scheduling(known.get(), 0);
            }
            Scheduling full = jdbc.sql("""
                SELECT count(*), coalesce(min(due_at), 0) FROM delayed_event
                 WHERE user_id = ? AND finalised_at IS NULL\
                """)
                    .param(user.value())
                    .query((row, _) -> new Scheduling(row.getInt(1) < most ? "" : null, row.getLong(2)))
                    .single();
            if (full.id() == null) {
                return full;
            }
            insert(jdbc, user, event, transaction);
            forgetOldest(jdbc, user);
            return new Scheduling(event.id(), 0);
        });
    }

    private static Optional<String> known(JdbcClient jdbc, UserId user, String id, byte @Nullable [] transaction) {
        return jdbc.sql("SELECT id FROM delayed_event WHERE user_id = ? AND (id = ? OR transaction = ?)")
                .params(Arrays.asList(user.value(), id, transaction))
                .query(String.class)
                .optional();
    }

    private static void insert(JdbcClient jdbc, UserId user, DelayedEvent event, byte @Nullable [] transaction) {
        jdbc.sql("""
            INSERT INTO delayed_event (id, user_id, device_id, session, room_id, type, state_key, content,
                                       transaction, delay_ms, scheduled_at, due_at, sticky_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, %1$s, %1$s + ?, ?)\
            """.formatted(NOW))
                .params(Arrays.asList(
                        event.id(),
                        user.value(),
                        event.device(),
                        event.session(),
                        event.room().value(),
                        event.type(),
                        event.stateKey(),
                        event.content(),
                        transaction,
                        event.delayMillis(),
                        event.delayMillis(),
                        event.sticky()))
                .update();
    }

    private static void forgetOldest(JdbcClient jdbc, UserId user) {
        jdbc.sql("""
            DELETE FROM delayed_event WHERE id IN (
                SELECT id FROM delayed_event WHERE user_id = ? AND finalised_at IS NOT NULL
                 ORDER BY finalised_at DESC OFFSET ?)\
            """).params(user.value(), MOST_FINALISED).update();
    }

    @Override
    public Found restart(String id, @Nullable UserId user) {
        return act(id, user, "scheduled_at = %1$s, due_at = %1$s + delay_ms".formatted(NOW));
    }

    @Override
    public Found cancel(String id, @Nullable UserId user) {
        return act(id, user, "content = ''::bytea, finalised_at = " + NOW);
    }

    private Found act(String id, @Nullable UserId user, String change) {
        return tables.transact(jdbc -> {
            int changed = jdbc.sql("UPDATE delayed_event SET " + change + " WHERE " + OF_USER
                            + " AND finalised_at IS NULL AND claimed_until = 0")
                    .params(ofUser(id, user))
                    .update();
            return changed == 1 ? Found.SCHEDULED : found(jdbc, id, user);
        });
    }

    private static Found found(JdbcClient jdbc, String id, @Nullable UserId user) {
        return jdbc.sql("SELECT finalised_at IS NULL, event_id IS NULL FROM delayed_event WHERE " + OF_USER)
                .params(ofUser(id, user))
                .query((row, _) ->
                        row.getBoolean(1) ? Found.BEING_SENT : row.getBoolean(2) ? Found.CANCELLED : Found.SENT)
                .optional()
                .orElse(Found.NOTHING);
    }

    private static List<@Nullable Object> ofUser(String id, @Nullable UserId user) {
        String value = user == null ? null : user.value();
        return Arrays.asList(id, value, value);
    }

    @Override
    public Optional<Status> find(UserId user, String id) {
        return tables.transact(jdbc -> jdbc.sql("SELECT " + EVENT + ", finalised_at, event_id, error FROM delayed_event"
                        + " WHERE id = ? AND user_id = ?")
                .params(id, user.value())
                .query((row, _) -> status(row))
                .optional());
    }

    @Override
    public List<Status> list(UserId user) {
        return tables.transact(jdbc -> {
            List<Status> all = new ArrayList<>(jdbc.sql("SELECT " + WITHOUT_CONTENT
                            + ", CASE WHEN sum(octet_length(content)) OVER (ORDER BY scheduled_at + delay_ms, id) <= ?"
                            + " THEN content ELSE '' END AS content, finalised_at, event_id, error FROM delayed_event"
                            + " WHERE user_id = ? AND finalised_at IS NULL ORDER BY scheduled_at + delay_ms, id")
                    .params(MOST_LISTED_BYTES, user.value())
                    .query((row, _) -> status(row))
                    .list());
            all.addAll(jdbc.sql("SELECT " + WITHOUT_CONTENT + ", ''::bytea AS content, finalised_at, event_id, error"
                            + " FROM delayed_event WHERE user_id = ? AND finalised_at IS NOT NULL"
                            + " ORDER BY finalised_at DESC, id LIMIT ?")
                    .params(user.value(), LISTED)
                    .query((row, _) -> status(row))
                    .list());
            return all;
        });
    }

    @Override
    public Claimed claimDue(int most, long claimMillis) {
        return tables.transact(jdbc -> {
            List<Timed> due = jdbc.sql("UPDATE delayed_event d SET claim = claim + 1, claimed_until = " + NOW
                            + " + ? WHERE id IN ("
                            + "SELECT id FROM delayed_event WHERE finalised_at IS NULL AND due_at <= " + NOW
                            + " AND claimed_until < " + NOW + " ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED)"
                            + " RETURNING " + EVENT + ", user_id, claim, due_at")
                    .params(claimMillis, most)
                    .query((row, _) -> new Timed(row.getLong("due_at"), due(row)))
                    .list();
            long wait = jdbc.sql("SELECT coalesce(min(greatest(due_at, claimed_until)) - " + NOW + ", ?)"
                            + " FROM (SELECT due_at, claimed_until FROM delayed_event WHERE finalised_at IS NULL"
                            + " ORDER BY due_at LIMIT ?) AS next")
                    .params(LONGEST_WAIT_MILLIS, most + 1)
                    .query(Long.class)
                    .single();
            List<Due> inOrder = due.stream()
                    .sorted(Comparator.comparingLong(Timed::dueAt))
                    .map(Timed::due)
                    .toList();
            return new Claimed(withSessions(jdbc, inOrder), Math.clamp(wait, 0, LONGEST_WAIT_MILLIS));
        });
    }

    @Override
    public ClaimedOne claim(String id, @Nullable UserId user, long claimMillis) {
        return tables.transact(jdbc -> {
            List<Due> due = jdbc.sql("UPDATE delayed_event SET claim = claim + 1, claimed_until = " + NOW + " + ?"
                            + " WHERE " + OF_USER + " AND finalised_at IS NULL AND claimed_until < " + NOW
                            + " RETURNING " + EVENT + ", user_id, claim")
                    .param(claimMillis)
                    .params(ofUser(id, user))
                    .query((row, _) -> due(row))
                    .list();
            return due.isEmpty()
                    ? new ClaimedOne(found(jdbc, id, user), null)
                    : new ClaimedOne(Found.SCHEDULED, withSessions(jdbc, due).getFirst());
        });
    }

    /** What an update returns has no order. */
    private record Timed(long dueAt, Due due) {}

    private static Due due(ResultSet row) throws SQLException {
        return new Due(new UserId(row.getString("user_id")), event(row), row.getInt("claim"), null);
    }

    /** The sessions are those of this transaction: a logout that was answered before is seen. */
    private List<Due> withSessions(JdbcClient jdbc, List<Due> due) {
        return due.stream()
                .map(one -> new Due(
                        one.user(),
                        one.event(),
                        one.claim(),
                        DeviceTable.ofUser(
                                        jdbc,
                                        Partitions.of(one.user().value(), shards),
                                        one.user(),
                                        one.event().device(),
                                        one.event().session())
                                .orElse(null)))
                .toList();
    }

    @Override
    public boolean finish(String id, int claim, @Nullable EventId sent, @Nullable MatrixError error) {
        return tables.transact(jdbc -> {
            return jdbc.sql("UPDATE delayed_event SET finalised_at = " + NOW
                                    + ", event_id = ?, error = ?, claimed_until = 0, content = ''::bytea"
                                    + " WHERE id = ? AND claim = ? AND finalised_at IS NULL")
                            .params(Arrays.asList(
                                    sent == null ? null : sent.value(),
                                    error == null ? null : encoded(error),
                                    id,
                                    claim))
                            .update()
                    == 1;
        });
    }

    @Override
    public boolean release(String id, int claim, long afterMillis) {
        return tables.transact(jdbc -> jdbc.sql("UPDATE delayed_event SET claimed_until = 0, due_at = greatest(due_at, "
                                + NOW + " + ?)"
                                + " WHERE id = ? AND claim = ? AND finalised_at IS NULL")
                        .params(afterMillis, id, claim)
                        .update()
                == 1);
    }

    /** Deletes a slice of what was finalised long ago; returns whether there may be more. */
    public boolean deleteExpired(long now) {
        return tables.transact(jdbc -> jdbc.sql("DELETE FROM delayed_event WHERE id IN (SELECT id FROM delayed_event"
                                + " WHERE finalised_at < ? ORDER BY finalised_at LIMIT ? FOR UPDATE SKIP LOCKED)")
                        .params(now - FINALISED_MILLIS, SLICE)
                        .update()
                == SLICE);
    }

    private static Status status(ResultSet row) throws SQLException {
        String sent = row.getString("event_id");
        byte[] error = row.getBytes("error");
        return new Status(
                event(row),
                row.getObject("finalised_at", Long.class),
                sent == null ? null : new EventId(sent),
                error == null ? null : decoded(error));
    }

    private static DelayedEvent event(ResultSet row) throws SQLException {
        return new DelayedEvent(
                row.getString("id"),
                row.getString("device_id"),
                row.getLong("session"),
                new RoomId(row.getString("room_id")),
                row.getString("type"),
                row.getString("state_key"),
                row.getBytes("content"),
                row.getLong("delay_ms"),
                row.getLong("scheduled_at"),
                row.getObject("sticky_ms", Long.class));
    }

    private static byte[] encoded(MatrixError error) {
        return CanonicalJson.encode(JsonObject.builder()
                .put("status", error.status())
                .put("errcode", error.errcode())
                .put("error", error.error())
                .build());
    }

    private static MatrixError decoded(byte[] stored) {
        JsonObject error = JsonParser.parseObject(stored);
        return new MatrixError(
                Math.toIntExact(error.integer("status").orElse(500)),
                error.string("errcode").orElse("M_UNKNOWN"),
                error.string("error").orElse(""));
    }
}
