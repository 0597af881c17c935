package io.myelin.matrix.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyValidityTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final long WEEK = Duration.ofDays(7).toMillis();

    @Test
    void endsWithTheTimeThatTheServerSays() {
        KeyValidity key = KeyValidity.ofCurrentKey(NOW + 1000, NOW);
        assertThat(key.covers(event(RoomVersions.V5, NOW + 1000))).isTrue();
        assertThat(key.covers(event(RoomVersions.V5, NOW + 1001))).isFalse();
        assertThat(key.covers(event(RoomVersions.V12, NOW + 1001))).isFalse();
    }

    @Test
    void endsInAWeekAtTheLatest() {
        KeyValidity key = KeyValidity.ofCurrentKey(Long.MAX_VALUE, NOW);
        assertThat(key.covers(event(RoomVersions.V5, NOW + WEEK))).isTrue();
        assertThat(key.covers(event(RoomVersions.V5, NOW + WEEK + 1))).isFalse();
    }

    @Test
    void ofAnOldKeyEndedWhenItExpired() {
        KeyValidity key = KeyValidity.ofOldKey(NOW);
        assertThat(key.covers(event(RoomVersions.V6, NOW))).isTrue();
        assertThat(key.covers(event(RoomVersions.V6, NOW + 1))).isFalse();
    }

    @Test
    void meansNothingBeforeVersion5() {
        KeyValidity key = KeyValidity.ofOldKey(0);
        for (RoomVersion version : RoomVersions.supported()) {
            assertThat(key.covers(event(version, NOW))).isEqualTo(Integer.parseInt(version.id()) < 5);
        }
    }

    private static Pdu event(RoomVersion version, long originServerTs) {
        return new EventTemplate(version, new UserId("@a:x"), "m.room.message", JsonObject.EMPTY)
                .roomId(new RoomId("!r:x"))
                .originServerTs(originServerTs)
                .unsigned();
    }
}
