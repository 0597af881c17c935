package io.myelin.clientsync.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.engine.Committed;
import io.myelin.engine.ephemeral.Version;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

    private static SyncToken token(int shards) {
        List<Committed> rooms = IntStream.range(0, shards)
                .mapToObj(shard -> new Committed(shard == 3 ? 9 : 1, 1L << shard))
                .toList();
        return SyncToken.ofLogs(rooms, new Committed(2, 77));
    }

    /** A token with all sections. */
    private static SyncToken full(int shards) {
        SyncToken logs = token(shards);
        return new SyncToken(
                logs.rooms(),
                logs.account(),
                logs.rooms(),
                IntStream.range(0, shards)
                        .mapToObj(
                                shard -> new TypingPoint(new Version(shard == 2 ? 4 : 3, 100L * shard), shard % 2 == 0))
                        .toList(),
                IntStream.range(0, shards / 4)
                        .mapToObj(shard -> new Version(7, 100L * shard))
                        .toList(),
                logs.rooms(),
                new Committed(2, 76));
    }

    @Test
    void surviveTheirText() {
        assertThat(SyncToken.parse(token(16).encode(), 16)).isEqualTo(token(16));
        assertThat(SyncToken.parse(full(16).encode(), 16)).isEqualTo(full(16));
        RoomPosition position = new RoomPosition(3, 123_456_789_012L, -4);
        assertThat(RoomPosition.parse(position.encode(), 0, 16)).isEqualTo(position);
    }

    /** After a restore, incarnations are times and versions are large. */
    @Test
    void surviveTheirTextAfterARestore() {
        SyncToken token = full(16);
        Committed committed = new Committed(1_811_939_328, 12);
        Version version = new Version(1L << 62 | 811_939_328L << 30 | 5, 12);
        SyncToken restored = new SyncToken(
                Collections.nCopies(16, committed),
                committed,
                Collections.nCopies(16, committed),
                Collections.nCopies(16, new TypingPoint(version, true)),
                Collections.nCopies(4, version),
                Collections.nCopies(16, committed),
                committed);

        assertThat(SyncToken.parse(restored.encode(), 16)).isEqualTo(restored);
        assertThat(restored.encode()).hasSizeLessThan(3 * token.encode().length());
    }

    @Test
    void areShort() {
        assertThat(token(16).encode()).hasSizeLessThan(90);
        assertThat(full(16).encode()).hasSizeLessThan(240);
    }

    @Test
    void ofSyncArePlacesInRooms() {
        assertThat(RoomPosition.parse(token(16).encode(), 5, 16)).isEqualTo(new RoomPosition(1, 32, 0));
    }

    @Test
    void mayHaveComponentsOfALaterRelease() {
        String text = token(4).encode();
        byte[] known = Base64.getUrlDecoder().decode(text.substring(3));
        byte[] longer = java.util.Arrays.copyOf(known, known.length + 4);
        longer[known.length] = 99;
        longer[known.length + 1] = 2;
        String later = "s1_" + Base64.getUrlEncoder().withoutPadding().encodeToString(longer);
        assertThat(SyncToken.parse(later, 4)).isEqualTo(token(4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "s1_",
                "s1_%%",
                "s1_AAAA",
                "s2_AQ",
                "t1_",
                "t1_gICA",
                "12_34",
                "s1_AX______________8B",
                "é"
            })
    void areRefusedIfTheyAreNotOurs(String text) {
        assertThatThrownBy(() -> SyncToken.parse(text, 16)).isInstanceOf(InvalidToken.class);
        assertThatThrownBy(() -> RoomPosition.parse(text, 0, 16)).isInstanceOf(InvalidToken.class);
    }

    @Test
    void areRefusedIfTheyHaveAnotherNumberOfShards() {
        assertThatThrownBy(() -> SyncToken.parse(token(8).encode(), 16)).isInstanceOf(InvalidToken.class);
    }
}
