package io.myelin.accountserver.storage;

import io.myelin.contracts.account.Reports;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.UnshardedTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code report}. */
public final class StoredReports implements Reports {
    private static final String OF_EVENTS = " FROM report WHERE event_id IS NOT NULL"
            + " AND (?::text IS NULL OR position(? IN reporter) > 0)"
            + " AND (?::text IS NULL OR position(? IN room_id) > 0)"
            + " AND (?::text IS NULL OR reported = ?)";

    private final UnshardedTables tables;

    public StoredReports(UnshardedTables tables) {
        this.tables = tables;
    }

    @Override
    public boolean add(UserId reporter, Report report) {
        return tables.transact(jdbc -> {
            // Reports are rare. Backups know no sequences, and a number must not come again when its report was
            // deleted.
            jdbc.sql("LOCK TABLE report IN SHARE ROW EXCLUSIVE MODE").update();
            jdbc.sql("""
                    INSERT INTO report (number, received_at, reporter, room_id, event_id, reported, reason, score, body)
                    SELECT greatest(now.millis, (SELECT max(number) + 1 FROM report)), now.millis, ?, ?, ?, ?, ?, ?, ?
                      FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS millis) now""")
                    .params(Arrays.asList(
                            reporter.value(),
                            report.room() == null ? null : report.room().value(),
                            report.event() == null ? null : report.event().value(),
                            report.reported() == null ? null : report.reported().value(),
                            report.reason(),
                            report.score(),
                            report.body()))
                    .update();
            jdbc.sql("""
                    DELETE FROM report WHERE number IN (
                        SELECT number FROM report WHERE reporter = ? ORDER BY number DESC OFFSET ?)""").params(reporter.value(), MOST).update();
            return true;
        });
    }

    @Override
    public Page ofEvents(Wanted wanted) {
        List<@Nullable Object> filter = Arrays.asList(
                wanted.reporter(),
                wanted.reporter(),
                wanted.room(),
                wanted.room(),
                wanted.reported(),
                wanted.reported());
        return tables.transact(jdbc -> {
            List<Kept> reports = jdbc.sql("SELECT *" + OF_EVENTS + " ORDER BY number "
                            + (wanted.backwards() ? "DESC" : "ASC") + " OFFSET " + wanted.from() + " LIMIT "
                            + wanted.limit())
                    .params(filter)
                    .query((row, _) -> kept(row))
                    .list();
            return new Page(reports, count(jdbc, filter));
        });
    }

    private static long count(JdbcClient jdbc, List<@Nullable Object> filter) {
        return jdbc.sql("SELECT count(*)" + OF_EVENTS)
                .params(filter)
                .query(Long.class)
                .single();
    }

    @Override
    public Optional<Kept> find(long number) {
        return tables.transact(jdbc -> jdbc.sql("SELECT * FROM report WHERE number = ?")
                .param(number)
                .query((row, _) -> kept(row))
                .optional());
    }

    @Override
    public boolean delete(long number) {
        return tables.transact(jdbc ->
                jdbc.sql("DELETE FROM report WHERE number = ?").param(number).update() == 1);
    }

    private static Kept kept(ResultSet row) throws SQLException {
        String room = row.getString("room_id");
        String event = row.getString("event_id");
        String reported = row.getString("reported");
        return new Kept(
                row.getLong("number"),
                row.getLong("received_at"),
                new UserId(row.getString("reporter")),
                new Report(
                        room == null ? null : new RoomId(room),
                        event == null ? null : new EventId(event),
                        reported == null ? null : new UserId(reported),
                        row.getString("reason"),
                        row.getObject("score", Integer.class),
                        row.getBytes("body")));
    }
}
