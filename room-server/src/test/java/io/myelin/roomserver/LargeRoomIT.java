package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.state.EventNumbers;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Measures what a room of many members costs the server that decides about it. Its members are written into the tables as if
 * over years, half of them as by a release without the column {@code membership}. {@code docs/performance.md} says how to
 * measure a large one, and what came of it.
 */
class LargeRoomIT {

    private static final int MEMBERS = Integer.getInteger("members", 2_000);
    private static final double MEGABYTE = 1 << 20;

    /** How many bytes of memory a place of the state may take. */
    private static final int BYTES_A_MEMBER = 400;

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    @Test
    void keepsNumbersOfAllAndReadsTheEventsOfFew() throws Exception {
        RoomId room = server.create(server.aRoom());
        int shard = Partitions.of(room.value(), RunningRoomServer.SHARDS);
        addMembers(room, shard);
        server.restart();

        long begin = System.nanoTime();
        server.send(room, EventTypes.MESSAGE, null, "{\"msgtype\":\"m.text\",\"body\":\"hello\"}");
        long first = System.nanoTime();
        server.send(room, EventTypes.MESSAGE, null, "{\"msgtype\":\"m.text\",\"body\":\"hello again\"}");
        long second = System.nanoTime();
        System.out.printf(
                "%d members: the first message after a restart %d ms, the second %d ms%n",
                MEMBERS, (first - begin) / 1_000_000, (second - first) / 1_000_000);
        EntityLoading loading = EntityLoading.of(
                        url(), server.login.user(), server.login.password(), shard, EntityKey.of(room), "-Xmx2g")
                .orElseThrow();
        System.out.println("the room: " + loading);

        assertThat(loading.places()).isGreaterThan(MEMBERS);
        assertThat(loading.megabytes()).isLessThan(3 + BYTES_A_MEMBER * MEMBERS / MEGABYTE);
    }

    private static void addMembers(RoomId room, int shard) throws Exception {
        long created = server.numbers("SELECT number FROM room.room WHERE room_id = '" + room.value() + "'")
                .getFirst();
        long last =
                server.numbers("SELECT seq FROM room.shard WHERE id = " + shard).getFirst();
        List<Long> state = server.numbers("SELECT seq FROM room.event WHERE shard = " + shard + " AND room = " + created
                + " AND type IS NOT NULL");
        server.execute("""
                INSERT INTO room.event (shard, seq, room, anchor, back, state, event_id, type, state_key, membership, body)
                SELECT %1$d, %2$d + i, %3$d, %2$d + i, 0, %2$d + i - 1, sha256(('member ' || i)::bytea), 'm.room.member', u,
                       CASE WHEN i %% 2 = 0 THEN 1 END,
                       convert_to('{"auth_events":[],"content":{"avatar_url":"mxc://example.org/' || md5(u)
                           || '","displayname":"User ' || i || '","membership":"join"},"depth":' || i
                           || ',"hashes":{"sha256":"' || md5(u) || '"},"origin_server_ts":1,"prev_events":[],"room_id":"%4$s",'
                           || '"sender":"' || u || '","signatures":{"example.org":{"ed25519:a":"' || repeat(md5(u), 12)
                           || '"}},"state_key":"' || u || '","type":"m.room.member"}', 'UTF8')
                  FROM generate_series(1, %5$d) AS i, LATERAL (SELECT '@user' || i || ':example.org' AS u) AS name
                """.formatted(shard, last, created, room.value(), MEMBERS));
        long name = last + MEMBERS;
        EventNumbers numbers = EventNumbers.of(
                LongStream.concat(state.stream().mapToLong(Long::longValue), LongStream.rangeClosed(last + 1, name))
                        .toArray());
        server.execute("""
                INSERT INTO room.state_difference (shard, state, base, seq, room, level, steps, numbers)
                VALUES (%d, %d, 0, %d, %d, 1, 1, decode('%s', 'hex'))""".formatted(shard, name, name, created, HexFormat.of().formatHex(numbers.toBytes())));
        server.execute("UPDATE room.shard SET seq = %d WHERE id = %d".formatted(name, shard));
        server.execute("ANALYZE room.event");
    }

    private static String url() {
        String url = server.login.url();
        return url + (url.contains("?") ? "&" : "?") + "currentSchema=room";
    }
}
