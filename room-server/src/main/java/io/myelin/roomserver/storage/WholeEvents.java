package io.myelin.roomserver.storage;

import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.check.Findings;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.SchemaSnapshot;
import io.myelin.roomserver.receive.AuthEventsCheck;
import io.myelin.roomserver.state.CitedNumbers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Each event's body is as it was signed: it has the hash that its ID is, and the content that its content hash covers,
 * unless it is pruned. The row's other columns say the same as the body, and its auth events are there.
 */
final class WholeEvents implements Invariant {

    /** Bodies have up to 64 KB. */
    private static final int AT_ONCE = 256;

    private static final String EVENTS = """
            SELECT e.shard, e.seq, e.room, e.event_id, e.type, e.state_key, e.standing, e.rests_on, e.body,
                   r.room_id, r.version
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room""";

    private static final String NUMBERS =
            "SELECT seq, event_id FROM event WHERE shard = ? AND room = ? AND event_id = ANY (?)";

    /** The room whose events are looked up together. */
    private record OfRoom(int shard, long room) {}

    /** An event whose auth events are to be looked up. */
    private record Citing(
            String place,
            long number,
            List<EventId> cited,
            @Nullable List<Long> authEvents) {}

    @Override
    public String name() {
        return "event-is-whole";
    }

    @Override
    public String remedy() {
        return RoomInvariants.PURGE_OR_RESTORE;
    }

    @Override
    public void check(SchemaSnapshot snapshot, Findings found) throws SQLException {
        Map<OfRoom, List<Citing>> citing = new HashMap<>();
        Map<OfRoom, RoomVersion> versions = new HashMap<>();
        int[] waiting = {0};
        snapshot.forEach(EVENTS, AT_ONCE, row -> {
            String place = "shard " + row.getInt("shard") + ", event " + row.getLong("seq");
            try {
                var room = new OfRoom(row.getInt("shard"), row.getLong("room"));
                RoomVersion version =
                        RoomVersions.find(row.getString("version")).orElseThrow();
                EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
                Pdu event = Pdu.stored(version, id, row.getBytes("body"));
                String damage = damage(version, event, row);
                if (damage != null) {
                    found.add(place, damage);
                } else if (!Standings.wasRejected(row.getShort("standing"))) {
                    byte @Nullable [] authEvents = row.getBytes("rests_on");
                    long number = row.getLong("seq");
                    citing.computeIfAbsent(room, _ -> new ArrayList<>())
                            .add(new Citing(
                                    place,
                                    number,
                                    AuthEventsCheck.authEvents(event),
                                    authEvents == null ? null : CitedNumbers.parse(number, authEvents)));
                    versions.put(room, version);
                    waiting[0]++;
                }
            } catch (RuntimeException unreadable) {
                found.add(place, "it cannot be read: " + unreadable.getMessage());
            }
            if (waiting[0] >= AT_ONCE) {
                findAuthEvents(snapshot, citing, versions, found);
                waiting[0] = 0;
            }
            return !found.isFull();
        });
        findAuthEvents(snapshot, citing, versions, found);
    }

    private static @Nullable String damage(RoomVersion version, Pdu event, ResultSet row) throws SQLException {
        if (!Arrays.equals(CanonicalJson.encode(event.json()), row.getBytes("body"))) {
            return "its body is not canonical JSON";
        } else if (!EventHashes.eventId(version, event.json()).equals(event.eventId())) {
            return "its body does not have the hash " + event.eventId() + ", which its row says is its ID";
        } else if (!EventHashes.contentHashMatches(event.json())
                && !Arrays.equals(event.redacted().bytes(), event.bytes())) {
            return "its content is not what its content hash covers";
        } else if (!event.roomId().equals(new RoomId(row.getString("room_id")))) {
            return "its body is of room " + event.roomId() + ", its row of room " + row.getString("room_id");
        } else if (row.getString("type") != null && !event.type().equals(row.getString("type"))) {
            return "its body is of type " + event.type() + ", its row of type " + row.getString("type");
        } else if (!Objects.equals(event.stateKey(), row.getString("state_key"))) {
            return "its body has the state key " + event.stateKey() + ", its row " + row.getString("state_key");
        }
        return event.isState() && row.getString("type") == null
                ? "it is a state event, but its row does not say so"
                : null;
    }

    private static void findAuthEvents(
            SchemaSnapshot snapshot,
            Map<OfRoom, List<Citing>> citing,
            Map<OfRoom, RoomVersion> versions,
            Findings found) {
        citing.forEach((room, events) ->
                findAuthEvents(snapshot, room, Objects.requireNonNull(versions.get(room)), events, found));
        citing.clear();
        versions.clear();
    }

    private static void findAuthEvents(
            SchemaSnapshot snapshot, OfRoom room, RoomVersion version, List<Citing> events, Findings found) {
        byte[][] ids = events.stream()
                .flatMap(event -> event.cited().stream())
                .distinct()
                .map(id -> EventIds.bytes(id, version.eventFormat()))
                .filter(Objects::nonNull)
                .toArray(byte[][]::new);
        Map<EventId, Long> numbers = new HashMap<>();
        snapshot.jdbc().sql(NUMBERS).params(room.shard(), room.room(), ids).query(row -> {
            numbers.put(EventIds.id(row.getBytes("event_id"), version.eventFormat()), row.getLong("seq"));
        });
        for (Citing event : events) {
            List<EventId> missing = event.cited().stream()
                    .filter(id -> !numbers.containsKey(id))
                    .toList();
            if (!missing.isEmpty()) {
                found.add(event.place(), "its auth event " + missing.getFirst() + " is not there");
            } else if (event.authEvents() != null) {
                Set<Long> cited = new HashSet<>();
                event.cited().forEach(id -> cited.add(Objects.requireNonNull(numbers.get(id))));
                if (!cited.equals(Set.copyOf(event.authEvents()))) {
                    found.add(
                            event.place(),
                            "by its row it rests on the events " + event.authEvents() + ", by its body on " + cited);
                }
            }
        }
    }
}
