package io.myelin.roomserver.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.EventTooLarge;
import io.myelin.matrix.event.InvalidEvent;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.room.RoomVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.myelin.matrix.room.RoomVersions#supported")
class MalformedPdusTest {
    private static final int MANY = 2_000;

    /** The rooms by version; they are shared, since no test changes one. */
    private static final Map<RoomVersion, FederatedRoom> ROOMS = new ConcurrentHashMap<>();

    private final RoomVersion version;
    private final FederatedRoom room;

    MalformedPdusTest(RoomVersion version) {
        this.version = version;
        this.room = ROOMS.computeIfAbsent(version, wanted -> FederatedRoom.generated(wanted, 11));
    }

    @Test
    void areTheSameForTheSameSeed() {
        assertThat(bodies(5)).isEqualTo(bodies(5));
        assertThat(bodies(5)).isNotEqualTo(bodies(6));
    }

    @Test
    void haveEveryFlaw() {
        Set<String> flaws =
                MalformedPdus.of(room, 1).limit(MANY).map(MalformedPdu::flaw).collect(Collectors.toSet());
        assertThat(flaws)
                .containsExactlyInAnyOrderElementsOf(
                        MalformedPdus.flaws(room).stream().map(Flaw::name).toList());
    }

    @Test
    void areEachRefusedForWhatIsWrongWithThem() {
        MalformedPdus.of(room, 2).limit(300).forEach(this::isRefused);
    }

    @Test
    void areRefusedWhateverTypeOfEventTheyAreMadeOf() {
        Map<String, Pdu> events = new HashMap<>();
        room.events().forEach(event -> events.put(event.type(), event));
        for (Flaw flaw : MalformedPdus.flaws(room)) {
            for (Pdu event : events.values()) {
                flaw.in(event, new Random(3)).ifPresent(this::isRefused);
            }
        }
    }

    private void isRefused(MalformedPdu malformed) {
        switch (malformed.refusal()) {
            case FORMAT ->
                assertThatThrownBy(() -> parsed(malformed))
                        .as("%s", malformed)
                        .isInstanceOfAny(InvalidJson.class, InvalidEvent.class, EventTooLarge.class);
            case SIGNATURE -> {
                assertThat(EventHashes.contentHashMatches(parsed(malformed).json()))
                        .as("%s", malformed)
                        .isNotEqualTo(malformed.flaw().equals("another content hash"));
                assertThat(room.isSigned(parsed(malformed))).as("%s", malformed).isFalse();
            }
            case ROOM -> {
                assertThatIsSound(malformed);
                assertThat(parsed(malformed).roomId()).isNotEqualTo(room.id());
            }
            case REFERENCE -> {
                assertThatIsSound(malformed);
                Pdu event = parsed(malformed);
                assertThat(TopologicalOrder.cited(event)).anyMatch(id -> !isIdOfVersion(id));
            }
            case TEXT -> {
                assertThatIsSound(malformed);
                Pdu event = parsed(malformed);
                assertThat(event.type() + event.stateKey()).contains("\0");
            }
        }
    }

    private boolean isIdOfVersion(EventId id) {
        return switch (version.eventFormat()) {
            case V1 -> id.serverName().isPresent();
            case V3 -> id.value().matches("\\$[A-Za-z0-9+/]{43}");
            case V4, V6, V11, V12 -> id.value().matches("\\$[A-Za-z0-9_-]{43}");
        };
    }

    private void assertThatIsSound(MalformedPdu malformed) {
        assertThat(EventHashes.contentHashMatches(parsed(malformed).json())).isTrue();
        assertThat(room.isSigned(parsed(malformed))).as("%s", malformed).isTrue();
    }

    private Pdu parsed(MalformedPdu malformed) {
        return Pdu.parse(version, malformed.body());
    }

    private List<String> bodies(long seed) {
        return MalformedPdus.of(room, seed)
                .limit(100)
                .map(MalformedPdu::toString)
                .toList();
    }

    @Nested
    class RedactedOnes {
        @Test
        void areSoundButForTheirContentHash() {
            RedactedOnReceipt.of(room, 1).limit(60).forEach(event -> {
                Pdu received = Pdu.parse(version, event.bytes());
                assertThat(room.isSigned(received)).isTrue();
                assertThat(room.isSigned(received.redacted())).isTrue();
                assertThat(received.roomId()).isEqualTo(room.id());
                assertThat(EventHashes.contentHashMatches(received.json())).isFalse();
            });
        }

        @Test
        void areTheSameForTheSameSeed() {
            assertThat(RedactedOnReceipt.of(room, 1).limit(20).map(Pdu::json).toList())
                    .isEqualTo(RedactedOnReceipt.of(room, 1)
                            .limit(20)
                            .map(Pdu::json)
                            .toList());
        }
    }

    @Nested
    class UnauthorisedOnes {
        @Test
        void areSoundAndRejectedByEitherStep() {
            ReferenceRoom reference = room.reference();
            List<Pdu> events = UnauthorisedPdus.of(room, 1).limit(100).toList();
            for (Pdu event : events) {
                Pdu received = Pdu.parse(version, event.bytes());
                assertThat(room.isSigned(received)).isTrue();
                assertThat(received.roomId()).isEqualTo(room.id());
                assertThat(EventHashes.contentHashMatches(received.json())).isTrue();
                assertThat(reference.judge(received).isAccepted()).isFalse();
            }
            for (Verdict.Step step : Verdict.Step.values()) {
                assertThat(events).anyMatch(event -> reference.judge(event).isRejected(step));
            }
        }

        @Test
        void areTheSameForTheSameSeed() {
            assertThat(UnauthorisedPdus.of(room, 1).limit(20).map(Pdu::json).toList())
                    .isEqualTo(UnauthorisedPdus.of(room, 1)
                            .limit(20)
                            .map(Pdu::json)
                            .toList());
        }
    }
}
