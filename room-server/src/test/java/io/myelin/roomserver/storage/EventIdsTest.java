package io.myelin.roomserver.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.EventFormat;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdsTest {

    private static final String EITHER = "$" + "a".repeat(42) + "A";
    private static final String STANDARD = "$+/" + "a".repeat(40) + "A";
    private static final String URL_SAFE = "$-_" + "a".repeat(40) + "A";

    @ParameterizedTest
    @ValueSource(strings = {"$a:b", "$:b", "$0123456789012345678901234567:b.c", "$ü 🐈:example.org:8448", "$a:[::1]"})
    void textOfVersions1And2ComesBackAndIsNeverAsLongAsAHash(String id) {
        byte[] bytes = requireNonNull(EventIds.bytes(new EventId(id), EventFormat.V1));
        assertThat(bytes).hasSizeGreaterThan(32);
        assertThat(EventIds.id(bytes, EventFormat.V1)).hasToString(id);
    }

    @Test
    void hashIsItsBytesInTheAlphabetOfTheVersion() {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) 0xFB);
        EventId inVersion3 = EventId.ofReferenceHashInVersion3(hash);
        EventId inVersion4 = EventId.ofReferenceHash(hash);
        assertThat(EventIds.bytes(inVersion3, EventFormat.V3)).isEqualTo(hash);
        assertThat(EventIds.bytes(inVersion4, EventFormat.V4)).isEqualTo(hash);
        assertThat(EventIds.id(hash, EventFormat.V3)).isEqualTo(inVersion3);
        assertThat(EventIds.id(hash, EventFormat.V12)).isEqualTo(inVersion4);
        assertThat(EventIds.bytesInAnyFormat(inVersion3)).hasValue(hash);
        assertThat(EventIds.bytesInAnyFormat(inVersion4)).hasValue(hash);
    }

    @Test
    void idsOfOtherVersionsNameNothing() {
        for (String id : List.of(EITHER, STANDARD, URL_SAFE, "$a")) {
            assertThat(EventIds.bytes(new EventId(id), EventFormat.V1)).isNull();
        }
        assertThat(EventIds.bytes(new EventId(URL_SAFE), EventFormat.V3)).isNull();
        assertThat(EventIds.bytes(new EventId(STANDARD), EventFormat.V4)).isNull();
        assertThat(EventIds.bytes(new EventId(EITHER), EventFormat.V3)).isNotNull();
        assertThat(EventIds.bytes(new EventId(EITHER), EventFormat.V4)).isNotNull();
        assertThat(EventIds.bytes(new EventId("$a:b"), EventFormat.V3)).isNull();
        assertThat(EventIds.bytes(new EventId("$a:b"), EventFormat.V4)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoIdNamesNothing(EventFormat format) {
        String notCanonical = "$" + "a".repeat(43);
        for (String id :
                List.of("", "$", "$a", "a:b", "$a:", "$a\0:b", "$\uD800:b", "$+-" + "a".repeat(41), notCanonical)) {
            assertThat(EventIds.bytes(new EventId(id), format)).isNull();
            assertThat(EventIds.bytesInAnyFormat(new EventId(id))).isEmpty();
        }
    }
}
