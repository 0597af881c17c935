package io.myelin.roomserver.storage;

import static io.myelin.postgres.check.Invariant.RESTORE;

import io.myelin.contracts.Partitions;
import io.myelin.postgres.check.EngineInvariants;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.QueryInvariant;
import io.myelin.postgres.check.RowInvariants;
import java.util.List;

/**
 * What holds in room-server's tables after every commit. Numbers of kinds and standings are those of {@link FactKind} and
 * {@link Standings}.
 */
public final class RoomInvariants {

    /** For damage that only concerns one room. */
    static final String PURGE_OR_RESTORE =
            "Restore a backup from before the damage, or purge the room (docs/operations.md, \"Purging a room\").";

    /** An SQL condition on a row {@code t}: its room is neither there nor being purged. */
    private static final String ROOM_IS_UNKNOWN = """
            NOT EXISTS (SELECT FROM room r WHERE r.shard = t.shard AND r.number = t.room)
            AND NOT EXISTS (SELECT FROM purge p WHERE p.shard = t.shard AND p.room = t.room)""";

    /** An SQL condition on a row {@code t}: its room is not being purged, slice by slice. */
    private static final String IS_NOT_PURGED =
            " AND NOT EXISTS (SELECT FROM purge p WHERE p.shard = t.shard AND p.room = t.room)";

    private static final String NAMES_NO_ROOM = "format('there is no room with the number %s', t.room)";

    /** An SQL condition: no state has this name. */
    private static String isNoState(String name) {
        return """
                %1$s IS NOT NULL AND %1$s <> 0
                AND NOT EXISTS (SELECT FROM event x WHERE x.shard = t.shard AND x.seq = %1$s AND x.type IS NOT NULL)
                AND NOT EXISTS (SELECT FROM state_difference x WHERE x.shard = t.shard AND x.state = %1$s)""".formatted(name);
    }

    private static Invariant stateIsKnown(String table, String column) {
        return RowInvariants.never(
                table + "-" + column + "-is-a-state",
                table,
                "format('nothing is known of the state %s, which column " + column + " names', t." + column + ")",
                isNoState("t." + column) + IS_NOT_PURGED,
                PURGE_OR_RESTORE);
    }

    private static Invariant eventIsKnown(String table, String column) {
        return RowInvariants.never(
                table + "-" + column + "-is-an-event",
                table,
                "format('there is no event with the number %s, which column " + column + " names', t." + column + ")",
                """
                t.%1$s IS NOT NULL AND t.%1$s <> 0
                AND NOT EXISTS (SELECT FROM event x WHERE x.shard = t.shard AND x.seq = t.%1$s)""".formatted(column) + (table.equals("unpruned") ? "" : IS_NOT_PURGED),
                PURGE_OR_RESTORE);
    }

    private static Invariant roomIsKnown(String table) {
        return RowInvariants.never(
                table + "-is-of-a-room", table, NAMES_NO_ROOM, ROOM_IS_UNKNOWN, "Delete the row: nobody can read it.");
    }

    public static final List<Invariant> ALL = List.of(
            // Purges delete rows of the log.
            EngineInvariants.logIsDense("x.kind IN (20, 21, 25)"),
            RowInvariants.keyIsOfItsShard("room", "room_id", Partitions::of),
            RowInvariants.keyIsOfItsShard("alias", "alias", Partitions::of),
            RowInvariants.keyIsOfItsShard("directory", "room_id", Partitions::of),
            RowInvariants.keyIsOfItsShard("forgotten", "room_id", Partitions::of),
            RowInvariants.keyIsOfItsShard("blocked_room", "room_id", Partitions::of),
            RowInvariants.keyIsOfItsShard("shutdown", "room_id", Partitions::of),
            RowInvariants.numbersAreCommitted("event", "seq"),
            RowInvariants.numbersAreCommitted("membership", "seq"),
            RowInvariants.numbersAreCommitted("forgotten", "seq"),
            RowInvariants.numbersAreCommitted("directory", "seq"),
            RowInvariants.numbersAreCommitted("alias", "seq"),
            RowInvariants.numbersAreCommitted("user_profile", "seq"),
            RowInvariants.numbersAreCommitted("state_change", "seq"),
            RowInvariants.numbersAreCommitted("state_difference", "seq"),
            RowInvariants.numbersAreCommitted("room_head", "seq"),
            RowInvariants.numbersAreCommitted("state_replacement", "seq"),
            RowInvariants.numbersAreCommitted("history_purge", "seq"),
            RowInvariants.numbersAreCommitted("blocked_room", "seq"),
            RowInvariants.numbersAreCommitted("shutdown", "seq"),
            new QueryInvariant("log-names-events", RESTORE, """
                    SELECT format('shard %s, number %s', l.shard, l.seq) AS place,
                           format('the log names event %s, which is not there', coalesce(l.reference, l.seq::text)) AS what
                      FROM log l
                     WHERE l.kind IN (1, 8)
                       AND NOT EXISTS (SELECT FROM event e
                                        WHERE e.shard = l.shard AND e.seq = coalesce(l.reference::bigint, l.seq))"""),
            new QueryInvariant("event-is-in-the-log", RESTORE, """
                    SELECT format('shard %s, event %s', e.shard, e.seq) AS place, 'the log does not have it' AS what
                      FROM event e
                     WHERE NOT EXISTS (SELECT FROM log l
                                        WHERE l.shard = e.shard AND l.seq = e.seq AND l.kind IN (1, 8))"""),
            roomIsKnown("event"),
            roomIsKnown("membership"),
            roomIsKnown("state_difference"),
            roomIsKnown("state_change"),
            roomIsKnown("state_replacement"),
            roomIsKnown("room_head"),
            roomIsKnown("history"),
            roomIsKnown("backward_extremity"),
            roomIsKnown("early_redaction"),
            roomIsKnown("history_purge"),
            new QueryInvariant("room-has-its-create-event", PURGE_OR_RESTORE, """
                    SELECT format('shard %s, room %s', r.shard, r.room_id) AS place,
                           format('event %s, which should create it, does not', r.number) AS what
                      FROM room r
                     WHERE NOT EXISTS (SELECT FROM event e WHERE e.shard = r.shard AND e.seq = r.number
                                          AND e.room = r.number AND e.type = 'm.room.create' AND e.state_key = '')"""),
            new QueryInvariant("place-is-of-one-event", PURGE_OR_RESTORE, """
                    SELECT format('shard %s, room number %s', shard, room) AS place,
                           format('%s events have the place (%s, %s) in its history', count(*), anchor, back) AS what
                      FROM event WHERE anchor IS NOT NULL GROUP BY shard, room, anchor, back HAVING count(*) > 1"""),
            new QueryInvariant("place-is-possible", PURGE_OR_RESTORE, """
                    SELECT format('shard %s, event %s', e.shard, e.seq) AS place,
                           CASE WHEN e.anchor > s.seq
                                THEN format('its place is at number %s, beyond the last number, %s', e.anchor, s.seq)
                                ELSE format('it stands at (%s, %s), where it cannot be', e.anchor, e.back) END AS what
                      FROM event e JOIN shard s ON s.id = e.shard
                     WHERE e.anchor > s.seq OR (e.anchor IS NULL) <> (e.back IS NULL) OR e.back > 0
                        OR (e.back = 0 AND e.anchor <> coalesce(e.placed, e.seq))
                        OR (e.anchor IS NULL) <> coalesce(e.standing IN (2, 3, 4, 5, 7), false)"""),
            new QueryInvariant("history-is-before-a-live-event", PURGE_OR_RESTORE, """
                    SELECT format('shard %s, event %s', e.shard, e.seq) AS place,
                           format('it stands before live event %s, but table history has nothing there', e.anchor) AS what
                      FROM event e
                     WHERE e.back < 0 AND NOT EXISTS (SELECT FROM history h WHERE h.shard = e.shard AND h.room = e.room
                                                         AND h.anchor = e.anchor AND h.lowest <= e.back)
                       AND NOT EXISTS (SELECT FROM purge p WHERE p.shard = e.shard AND p.room = e.room)"""),
            new QueryInvariant("purged-history-begins-with-an-event", PURGE_OR_RESTORE, """
                    SELECT format('shard %s, room number %s', h.shard, h.room) AS place,
                           format('its history begins at (%s, %s), where no event is', h.anchor, h.back) AS what
                      FROM history_purge h
                     WHERE NOT EXISTS (SELECT FROM event e WHERE e.shard = h.shard AND e.room = h.room
                                          AND e.anchor = h.anchor AND e.back = h.back)
                       AND NOT EXISTS (SELECT FROM purge p WHERE p.shard = h.shard AND p.room = h.room)"""),
            stateIsKnown("event", "state"),
            stateIsKnown("state_difference", "base"),
            stateIsKnown("room_head", "state"),
            stateIsKnown("state_replacement", "state"),
            eventIsKnown("event", "replaces"),
            eventIsKnown("event", "redacted_by"),
            eventIsKnown("state_change", "event"),
            eventIsKnown("backward_extremity", "event"),
            eventIsKnown("early_redaction", "redaction"),
            eventIsKnown("unpruned", "redaction"),
            new QueryInvariant("membership-is-a-member-event", PURGE_OR_RESTORE, """
                    SELECT format('shard %s, %s in room number %s', m.shard, m.user_id, m.room) AS place,
                           format('event %s is not their member event in that room', m.seq) AS what
                      FROM membership m
                     WHERE NOT EXISTS (SELECT FROM event e WHERE e.shard = m.shard AND e.seq = m.seq AND e.room = m.room
                                          AND e.type = 'm.room.member' AND e.state_key = m.user_id)
                       AND NOT EXISTS (SELECT FROM purge p WHERE p.shard = m.shard AND p.room = m.room)"""),
            // A member event of an earlier release does not say in a column what it says in its body.
            new QueryInvariant("membership-is-that-of-the-state", PURGE_OR_RESTORE, """
                    SELECT format('shard %s, %s in room number %s', m.shard, m.user_id, m.room) AS place,
                           format('table membership says %s, but the state says %s', m.membership, s.membership) AS what
                      FROM membership m CROSS JOIN LATERAL (
                           SELECT CASE WHEN h.event IS NULL THEN 'leave'
                                       ELSE (ARRAY['join', 'invite', 'knock', 'leave', 'ban'])[e.membership] END
                                  AS membership
                             FROM state_history h LEFT JOIN event e ON e.shard = h.shard AND e.seq = h.event
                            WHERE h.shard = m.shard AND h.room = m.room AND h.type = 'm.room.member'
                              AND h.state_key = m.user_id
                            ORDER BY h.seq DESC LIMIT 1) AS s
                     WHERE s.membership IS NOT NULL AND s.membership <> m.membership
                       AND NOT EXISTS (SELECT FROM state_replacement x WHERE x.shard = m.shard AND x.room = m.room)
                       AND NOT EXISTS (SELECT FROM purge p WHERE p.shard = m.shard AND p.room = m.room)"""),
            new QueryInvariant("member-has-a-membership", PURGE_OR_RESTORE, """
                    SELECT format('shard %s, %s in room number %s', e.shard, e.state_key, e.room) AS place,
                           'they have a member event, but no row in table membership' AS what
                      FROM event e
                     WHERE e.type = 'm.room.member' AND e.standing IS NULL
                       AND NOT EXISTS (SELECT FROM membership m
                                        WHERE m.shard = e.shard AND m.user_id = e.state_key AND m.room = e.room)
                       AND EXISTS (SELECT FROM room r WHERE r.shard = e.shard AND r.number = e.room)"""),
            new QueryInvariant(
                    "alias-points-to-a-room",
                    "Delete the alias: DELETE /_matrix/client/v3/directory/room/{alias}, as an administrator.",
                    """
                    SELECT format('shard %s, alias %s', a.shard, a.alias) AS place,
                           format('there is no room %s', a.room_id) AS what
                      FROM alias a
                     WHERE a.confirmed AND a.room_id IS NOT NULL
                       AND a.room_id NOT IN (SELECT room_id FROM room)
                       AND a.room_id NOT IN (SELECT room_id FROM purge)
                       AND a.room_id NOT IN (SELECT reference FROM log WHERE kind = 20 AND reference IS NOT NULL)"""),
            new QueryInvariant("directory-shows-rooms", "Delete the row: the room is not there.", """
                    SELECT format('shard %s, room %s', d.shard, d.room_id) AS place,
                           'it is in the room directory, but there is no such room' AS what
                      FROM directory d
                     WHERE d.published AND NOT EXISTS (SELECT FROM room r
                                                        WHERE r.shard = d.shard AND r.room_id = d.room_id)"""),
            new QueryInvariant("purged-room-is-gone", "Purge the room again.", """
                    SELECT format('shard %s, room %s', p.shard, p.room_id) AS place,
                           'it counts as purged, and is there all the same' AS what
                      FROM purge p JOIN room r ON r.shard = p.shard AND r.number = p.room
                     WHERE p.gone"""),
            new WholeEvents(),
            new CurrentStates(),
            new Leaves());

    private RoomInvariants() {}
}
