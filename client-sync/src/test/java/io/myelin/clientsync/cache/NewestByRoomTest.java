package io.myelin.clientsync.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.RoomId;
import org.junit.jupiter.api.Test;

class NewestByRoomTest {
    private final NewestByRoom newest = new NewestByRoom(2);

    private static RoomId room(int number) {
        return new RoomId("!" + number + ":test");
    }

    /** The upper bound makes a caller look into a room that was forgotten here, so that it misses nothing. */
    @Test
    void ofRoomsThatChangedLongAgoItSaysTooMuchRatherThanTooLittle() {
        newest.put(room(1), 10);
        newest.put(room(2), 11);
        newest.put(room(1), 12);
        assertThat(newest.of(room(3))).isZero();

        newest.put(room(3), 13);

        assertThat(newest.of(room(1))).isEqualTo(12);
        assertThat(newest.of(room(2))).isEqualTo(11);
        assertThat(newest.of(room(4))).isEqualTo(11);
    }
}
