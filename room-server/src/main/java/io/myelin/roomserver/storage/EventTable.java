package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.ClientRequest;
import io.myelin.contracts.room.RoomFact.EventKept;
import io.myelin.contracts.room.RoomFact.HistoryInserted;
import io.myelin.contracts.room.RoomFact.InsertedEvent;
import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.UnplacedReason;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.SentEvent;
import io.myelin.contracts.room.StateLinks;
import io.myelin.matrix.event.ByteSlice;
import io.myelin.matrix.event.EventMembers;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.event.Replacement;
import io.myelin.matrix.event.Stickiness;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.EventFormat;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.RoomChange.KeptEvent;
import io.myelin.roomserver.room.RoomChange.LiveEvent;
import io.myelin.roomserver.state.CitedNumbers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of events. An event is rebuilt from its row and its body, field by field as it was published. */
public final class EventTable {

    private static final String PUBLISHED = """
            SELECT %s, e.redacted_by, b.event_id AS b_event_id, b.body AS b_body, r.room_id, r.version
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
              LEFT JOIN event b ON b.shard = e.shard AND b.seq = e.redacted_by
             WHERE e.shard = ? AND e.seq = ANY (?)""".formatted(columns("e"));

    private static final String KEPT = """
            SELECT e.seq, e.placed, e.room, e.replaces, e.state, e.standing, e.event_id, e.state_key, e.body,
                   r.room_id, r.version
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
             WHERE e.shard = ? AND e.seq = ANY (?) AND e.anchor IS NULL""";

    final TableRows rows = TableRows.insert(
            "event",
            of("shard", Type.INT),
            of("seq", Type.LONG),
            of("room", Type.LONG),
            of("anchor", Type.LONG),
            of("back", Type.INT),
            of("replaces", Type.LONG),
            of("state", Type.LONG),
            of("event_id", Type.BYTES),
            of("redacts", Type.BYTES),
            of("edits", Type.BYTES),
            of("redacted_by", Type.LONG),
            of("type", Type.TEXT),
            of("state_key", Type.TEXT),
            of("standing", Type.SMALLINT),
            of("device", Type.TEXT),
            of("transaction_id", Type.TEXT),
            of("body", Type.BYTES),
            of("rests_on", Type.BYTES),
            of("membership", Type.SMALLINT),
            of("sticky_until", Type.LONG));

    /** Updates of events that were known before, such as outliers. */
    final TableRows promotions = TableRows.update(
            "event",
            2,
            of("shard", Type.INT),
            of("seq", Type.LONG),
            of("anchor", Type.LONG),
            of("back", Type.INT),
            of("replaces", Type.LONG),
            of("state", Type.LONG),
            of("redacts", Type.BYTES),
            of("edits", Type.BYTES),
            of("redacted_by", Type.LONG),
            of("standing", Type.SMALLINT),
            of("placed", Type.LONG));

    /** The places of events of the history. */
    final TableRows places = TableRows.update(
            "event",
            2,
            of("shard", Type.INT),
            of("seq", Type.LONG),
            of("anchor", Type.LONG),
            of("back", Type.INT),
            of("standing", Type.SMALLINT));

    void write(int shard, long seq, LiveEvent live) {
        RoomEvent event = live.published();
        if (event.number() != 0) {
            promote(shard, seq, event);
            return;
        }
        EventFormat format = format(event.version());
        rows.add(
                shard,
                seq,
                event.created(),
                seq,
                0,
                event.replaces() == 0 ? null : event.replaces(),
                event.state() == 0 ? null : event.state(),
                EventIds.bytes(event.id(), format),
                bytes(event.redacts(), format),
                edited(event.body(), format),
                redactedBy(event),
                event.isState() ? event.type() : null,
                event.stateKey(),
                Standings.ofPlaced(event),
                event.device(),
                event.transactionId(),
                event.body(),
                authEvents(seq, event.stateKey(), live.authEvents()),
                Memberships.column(event.type(), event.stateKey(), event.body()),
                stickyUntil(event.body()));
    }

    private void promote(int shard, long seq, RoomEvent event) {
        EventFormat format = format(event.version());
        Short standing = Standings.ofPlaced(event);
        promotions.add(
                shard,
                event.number(),
                seq,
                0,
                event.replaces() == 0 ? null : event.replaces(),
                event.state() == 0 ? null : event.state(),
                bytes(event.redacts(), format),
                edited(event.body(), format),
                redactedBy(event),
                standing == null && event.isState() ? Short.valueOf(Standings.PROMOTED) : standing,
                seq);
    }

    void write(int shard, HistoryInserted history) {
        for (InsertedEvent event : history.events()) {
            places.add(shard, event.number(), history.anchor(), event.back(), Standings.ASIDE);
        }
    }

    void write(int shard, long seq, KeptEvent kept) {
        EventKept event = kept.published();
        EventFormat format = format(event.version());
        byte[] body = kept.body();
        boolean isShown = event.standing() == UnplacedReason.UNPLACED;
        if (event.number() != 0) {
            promotions.add(
                    shard,
                    event.number(),
                    null,
                    null,
                    event.replaces() == 0 ? null : event.replaces(),
                    event.state() == 0 ? null : event.state(),
                    bytes(kept.redacts(), format),
                    isShown ? edited(body, format) : null,
                    kept.redactedBy() == 0 ? null : kept.redactedBy(),
                    Standings.number(event.standing()),
                    seq);
            return;
        }
        rows.add(
                shard,
                seq,
                event.created(),
                null,
                null,
                event.replaces() == 0 ? null : event.replaces(),
                event.state() == 0 ? null : event.state(),
                EventIds.bytes(event.id(), format),
                bytes(kept.redacts(), format),
                isShown ? edited(body, format) : null,
                kept.redactedBy() == 0 ? null : kept.redactedBy(),
                event.stateKey() == null ? null : event.type(),
                event.stateKey(),
                Standings.number(event.standing()),
                null,
                null,
                body,
                authEvents(seq, event.stateKey(), kept.authEvents()),
                Memberships.column(event.type(), event.stateKey(), body),
                stickyUntil(body));
    }

    /** By the time at which the event is kept: that is when it has arrived. */
    private static @Nullable Long stickyUntil(byte[] body) {
        OptionalLong until = Stickiness.until(body, System.currentTimeMillis());
        return until.isEmpty() ? null : until.getAsLong();
    }

    private static @Nullable Long redactedBy(RoomEvent event) {
        RedactedBy by = event.redactedBy();
        return by == null ? null : by.number();
    }

    /** The column {@code rests_on}, which only state events have, since only they can permit others. */
    private static byte @Nullable [] authEvents(long seq, @Nullable String stateKey, List<Long> numbers) {
        return stateKey == null ? null : CitedNumbers.toBytes(seq, numbers);
    }

    private static byte @Nullable [] bytes(@Nullable EventId id, EventFormat format) {
        return id == null ? null : EventIds.bytes(id, format);
    }

    private static byte @Nullable [] edited(byte[] body, EventFormat format) {
        return Replacement.target(body)
                .map(edited -> EventIds.bytes(edited, format))
                .orElse(null);
    }

    /** The live events of these numbers, by the numbers of the facts that published them. */
    Map<Long, RoomEvent> published(JdbcClient jdbc, int shard, List<Long> numbers) {
        Map<Long, RoomEvent> events = new HashMap<>();
        if (!numbers.isEmpty()) {
            jdbc.sql(PUBLISHED).params(shard, numbers.toArray(Long[]::new)).query(row -> {
                events.put(
                        row.getLong("e_anchor"),
                        read(row, "e", new RoomId(row.getString("room_id")), row.getString("version"), redactedBy(row))
                                .event());
            });
        }
        return events;
    }

    /**
     * The redaction that arrived before an event, from a row with {@code redacted_by} and the redaction's columns as {@code
     * b}; null for none.
     */
    static @Nullable RedactedBy redactedBy(ResultSet row) throws SQLException {
        long number = row.getLong("redacted_by");
        return number == 0
                ? null
                : new RedactedBy(
                        number,
                        EventIds.id(row.getBytes("b_event_id"), format(row.getString("version"))),
                        row.getBytes("b_body"));
    }

    /** An SQL condition: whether the event of a row was redacted, before it arrived or after. */
    static String isRedacted(String alias) {
        return """
                (%1$s.redacted_by IS NOT NULL OR EXISTS (
                    SELECT FROM event x WHERE x.shard = %1$s.shard AND x.redacts = %1$s.event_id))""".formatted(alias);
    }

    /** The kept events of these numbers, by the numbers of the facts that gave them their standing. */
    Map<Long, EventKept> kept(JdbcClient jdbc, int shard, List<Long> numbers) {
        Map<Long, EventKept> events = new HashMap<>();
        jdbc.sql(KEPT).params(shard, numbers.toArray(Long[]::new)).query(row -> {
            String version = row.getString("version");
            byte[] body = row.getBytes("body");
            long placed = row.getLong("placed");
            events.put(
                    placed == 0 ? row.getLong("seq") : placed,
                    new EventKept(
                            new RoomId(row.getString("room_id")),
                            version,
                            EventIds.id(row.getBytes("event_id"), format(version)),
                            Standings.of(row.getShort("standing")),
                            text(body, "type"),
                            row.getString("state_key"),
                            row.getLong("replaces"),
                            row.getLong("state"),
                            row.getLong("room"),
                            placed == 0 ? 0 : row.getLong("seq")));
        });
        return events;
    }

    /** The columns of an event, each named {@code <alias>_<column>} in the result. */
    static String columns(String alias) {
        return List.of(
                        "seq",
                        "anchor",
                        "back",
                        "room",
                        "replaces",
                        "state",
                        "event_id",
                        "redacts",
                        "state_key",
                        "standing",
                        "device",
                        "transaction_id",
                        "body")
                .stream()
                .map(column -> alias + "." + column + " AS " + alias + "_" + column)
                .collect(Collectors.joining(", "));
    }

    /** An event and its place. An event without a place gets one at its number. */
    record Placed(RoomPlace place, RoomEvent event) {}

    /** The event of a row that has its {@link #columns}. */
    static Placed read(ResultSet row, String alias, RoomId room, String version) throws SQLException {
        return read(row, alias, room, version, null);
    }

    private static Placed read(
            ResultSet row, String alias, RoomId room, String version, @Nullable RedactedBy redactedBy)
            throws SQLException {
        EventFormat format = format(version);
        EventColumns columns = EventColumns.of(alias);
        byte[] body = row.getBytes(columns.body());
        byte @Nullable [] redacts = row.getBytes(columns.redacts());
        long number = row.getLong(columns.seq());
        long anchor = row.getLong(columns.anchor());
        RoomPlace place = anchor == 0 ? RoomPlace.live(number) : new RoomPlace(anchor, row.getInt(columns.back()));
        String stateKey = row.getString(columns.stateKey());
        short standing = row.getShort(columns.standing());
        @Nullable ByteSlice[] members = MEMBERS.in(body);
        RoomEvent event = new RoomEvent(
                room,
                version,
                new SentEvent(
                        EventIds.id(row.getBytes(columns.eventId()), format),
                        text(members[0], "type"),
                        stateKey,
                        new UserId(text(members[1], "sender")),
                        Long.parseLong(required(members[2], "origin_server_ts").toString()),
                        body),
                ClientRequest.of(row.getString(columns.device()), row.getString(columns.transactionId())),
                new StateLinks(
                        row.getLong(columns.room()),
                        place.anchor() == number ? 0 : number,
                        row.getLong(columns.replaces()),
                        row.getLong(columns.state()),
                        standing == Standings.ASIDE || (standing == Standings.FORKED && stateKey != null),
                        standing == Standings.FORKED),
                redacts == null ? null : EventIds.id(redacts, format),
                redactedBy);
        return new Placed(place, event);
    }

    private static final EventMembers MEMBERS = new EventMembers("type", "sender", "origin_server_ts");

    static EventFormat format(String version) {
        return RoomVersions.find(version).orElseThrow().eventFormat();
    }

    /** A member of an event's body that is a string. */
    static String text(byte[] body, String name) {
        return text(PduBytes.find(body, name), name);
    }

    private static String text(@Nullable ByteSlice member, String name) {
        String text = PduBytes.text(member);
        if (text == null) {
            throw new IllegalStateException("An event's " + name + " is not a string");
        }
        return text;
    }

    private static ByteSlice required(@Nullable ByteSlice member, String name) {
        if (member == null) {
            throw new IllegalStateException("An event has no " + name);
        }
        return member;
    }
}
