package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Events of other servers, whose IDs and hashes are known. */
class KnownEventsTest {
    static List<Arguments> events() throws IOException {
        try (var resource = KnownEventsTest.class.getResourceAsStream("/vectors/known-events.txt")) {
            return Arrays.stream(new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8).split("\n\n", -1))
                    .skip(1)
                    .map(event -> event.strip().split("\n", -1))
                    .map(lines -> Arguments.of(lines[0], lines[1], lines[2], lines[3]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void haveTheIdsAndHashesThatOthersComputed(String version, String id, String referenceHash, String json) {
        RoomVersion roomVersion = RoomVersions.find(version).orElseThrow();
        Pdu event = Pdu.parse(roomVersion, json.getBytes(UTF_8));
        assertThat(event.eventId()).hasToString(id);
        assertThat(UnpaddedBase64.encode(event.referenceHash())).isEqualTo(referenceHash);
        assertThat(EventHashes.contentHashMatches(event.json())).isTrue();
        assertThat(event.redacted().eventId()).isEqualTo(event.eventId());
        assertThat(event.redacted().referenceHash()).isEqualTo(event.referenceHash());
    }
}
