package io.myelin.clientsync.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.SentEvent;
import io.myelin.contracts.room.StateLinks;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersions;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CompactStateTest {
    private static final RoomId ROOM = new RoomId("!room:example.org");
    private static final String HASH = "q9LLOBvzYPlzb6VWSyrdhzmVXgSvlm7rBb6BBPc8XqA";

    /** A signed member event, as room-server stores it. */
    private static StoredEvent member(String user) {
        String json = """
                {"auth_events":["$%1$s","$%1$s","$%1$s","$%1$s"],
                 "content":{"avatar_url":"mxc://example.org/GCmhgzMPRjqgpODLsNQzVuHZ","displayname":"%2$s","membership":"join"},
                 "depth":4711,"hashes":{"sha256":"%1$s"},"origin_server_ts":1700000000000,"prev_events":["$%1$s"],
                 "room_id":"!room:example.org","sender":"%2$s",
                 "signatures":{"example.org":{"ed25519:auto":"%1$s%1$s"}},"state_key":"%2$s","type":"m.room.member"}
                """.formatted(HASH, user);
        byte[] body = CanonicalJson.encode(JsonParser.parseObject(json.getBytes(StandardCharsets.UTF_8)));
        SentEvent sent = new SentEvent(
                new EventId("$" + HASH), "m.room.member", user, new UserId(user), 1_700_000_000_000L, body);
        RoomEvent event = new RoomEvent(ROOM, "11", sent, new StateLinks(1, 0, 1));
        return new StoredEvent(7, event, null, null);
    }

    @Test
    void keepsOfAMemberHalfAndLess() {
        StoredEvent member = member("@somebody12345:example.org");

        long weight = Weights.PLACE + Weights.of(CompactState.of(member));

        assertThat(weight).isLessThan((Weights.PLACE + Weights.of(member)) * 6 / 10);
        // A hundred thousand of them take 67 MB at most, avatars included.
        assertThat(weight).isLessThan(700);
    }

    @Test
    void isTheSameToWhoeverReadsTheContent() {
        StoredEvent member = member("@somebody:example.org");

        StoredEvent compact = CompactState.of(member);

        assertThat(EventContent.string(compact.event(), "displayname")).isEqualTo("@somebody:example.org");
        assertThat(EventContent.membership(compact)).isEqualTo("join");
        assertThat(compact.event().id()).isEqualTo(member.event().id());
        assertThat(CompactState.isWhole(compact.event())).isFalse();
        assertThat(CompactState.of(compact)).isSameAs(compact);
    }

    @Test
    void canBeRedactedLikeTheWholeEvent() {
        StoredEvent member = member("@somebody:example.org");

        RoomEvent redacted = CompactState.of(member).event().redacted(RoomVersions.V11);

        assertThat(EventContent.string(redacted, "displayname")).isNull();
        assertThat(EventContent.string(redacted, "membership")).isEqualTo("join");
    }
}
