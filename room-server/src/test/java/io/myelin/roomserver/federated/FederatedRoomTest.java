package io.myelin.roomserver.federated;

import static io.myelin.roomserver.federated.Verdict.Step.BY_AUTH_EVENTS;
import static io.myelin.roomserver.federated.Verdict.Step.BY_STATE_BEFORE;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.room.RoomVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Properties that hold in every generated room. The system property {@code federated.rooms} says how many rooms of each
 * version are tested.
 */
@ParameterizedClass
@MethodSource("io.myelin.matrix.room.RoomVersions#supported")
class FederatedRoomTest {
    private static final int ROOMS = Integer.getInteger("federated.rooms", 10);

    /** The rooms by version, since every property is tested with the same rooms. */
    private static final Map<RoomVersion, List<FederatedRoom>> GENERATED = new ConcurrentHashMap<>();

    private final RoomVersion version;
    private final List<FederatedRoom> rooms;

    FederatedRoomTest(RoomVersion version) {
        this.version = version;
        this.rooms = GENERATED.computeIfAbsent(version, FederatedRoomTest::generated);
    }

    private static List<FederatedRoom> generated(RoomVersion version) {
        return LongStream.range(0, ROOMS)
                .mapToObj(seed -> FederatedRoom.generated(version, seed))
                .toList();
    }

    @Test
    void isTheSameForTheSameSeed() {
        for (FederatedRoom room : rooms.stream().limit(3).toList()) {
            List<Pdu> again = FederatedRoom.generated(version, room.seed()).events();
            assertThat(again).extracting(Pdu::json).isEqualTo(jsonOf(room.events()));
        }
        assertThat(rooms.stream().map(FederatedRoom::events).distinct()).hasSize(ROOMS);
    }

    @Test
    void hasSomeDozensOfEventsOfTwoToFourServers() {
        for (FederatedRoom room : rooms) {
            Set<ServerName> senders = room.events().stream()
                    .map(event -> event.sender().serverName())
                    .collect(Collectors.toSet());
            assertThat(room.events()).as(room.toString()).hasSizeBetween(30, 80);
            assertThat(senders).hasSizeBetween(2, 4).isEqualTo(room.servers().keySet());
        }
    }

    @Test
    void isReadableAsItComesOverTheWire() {
        for (FederatedRoom room : rooms) {
            for (Pdu event : room.events()) {
                Pdu received = Pdu.parse(version, FederatedRoom.wire(event));
                assertThat(received.bytes()).isEqualTo(event.bytes());
                assertThat(received.roomId()).isEqualTo(room.id());
                assertThat(EventHashes.contentHashMatches(received.json())).isTrue();
                assertThat(room.isSigned(received)).as(event.toString()).isTrue();
            }
        }
    }

    @Test
    void citesWhatCameBefore() {
        for (FederatedRoom room : rooms) {
            Set<EventId> known = new HashSet<>();
            for (Pdu event : room.events()) {
                assertThat(known).containsAll(event.prevEvents()).containsAll(event.authEvents());
                assertThat(event.prevEvents()).hasSizeLessThanOrEqualTo(10).doesNotHaveDuplicates();
                assertThat(known.add(event.eventId())).isTrue();
            }
        }
    }

    @Test
    void growsDeeperAndLater() {
        for (FederatedRoom room : rooms) {
            ReferenceRoom reference = room.reference();
            for (Pdu event : room.events()) {
                long deepest = event.prevEvents().stream()
                        .mapToLong(id -> reference.event(id).depth())
                        .max()
                        .orElse(0);
                assertThat(event.depth()).isEqualTo(deepest + 1);
            }
            long first = room.events().getFirst().originServerTs();
            assertThat(room.events().getLast().originServerTs()).isGreaterThan(first);
        }
    }

    @Test
    void forksAndMerges() {
        for (FederatedRoom room : rooms) {
            List<EventId> cited = room.events().stream()
                    .flatMap(event -> event.prevEvents().stream())
                    .toList();
            assertThat(cited)
                    .as("%s forks", room)
                    .hasSizeGreaterThan(Set.copyOf(cited).size());
            assertThat(room.events())
                    .as("%s merges", room)
                    .anyMatch(event -> event.prevEvents().size() > 1);
        }
    }

    @Test
    void hasEventsThatEachStepRejects() {
        for (FederatedRoom room : rooms) {
            ReferenceRoom reference = room.reference();
            assertThat(reference.rejected(BY_AUTH_EVENTS)).as(room.toString()).isNotEmpty();
            assertThat(reference.rejected(BY_STATE_BEFORE)).as(room.toString()).isNotEmpty();
        }
    }

    @Test
    void goesOnAfterRejectedEvents() {
        for (FederatedRoom room : rooms) {
            ReferenceRoom reference = room.reference();
            assertThat(room.events())
                    .as(room.toString())
                    .anyMatch(event -> reference.verdict(event.eventId()).isAccepted()
                            && event.prevEvents().stream()
                                    .anyMatch(id -> !reference.verdict(id).isAccepted()));
        }
    }

    /** Not every room has all of this, so each must be found in some room. */
    @Test
    void hasAllThatHappensInRooms() {
        assertThat(rooms).anyMatch(has(event -> event.is(EventTypes.JOIN_RULES, "")));
        for (String type :
                List.of(EventTypes.MESSAGE, EventTypes.REDACTION, EventTypes.TOPIC, EventTypes.POWER_LEVELS)) {
            assertThat(rooms).as(type).anyMatch(has(event -> event.type().equals(type)));
        }
        for (String membership : List.of("join", "invite", "leave", "ban")) {
            assertThat(rooms)
                    .as(membership)
                    .anyMatch(has(event -> event.type().equals(EventTypes.MEMBER)
                            && event.content()
                                    .string("membership")
                                    .filter(membership::equals)
                                    .isPresent()));
        }
        assertThat(rooms)
                .as("a kick")
                .anyMatch(has(event -> event.type().equals(EventTypes.MEMBER)
                        && event.content()
                                .string("membership")
                                .filter("leave"::equals)
                                .isPresent()
                        && !event.key().stateKey().equals(event.sender().value())));
        assertThat(rooms).as("a profile").anyMatch(has(event -> event.content().has("displayname")));
        assertThat(rooms)
                .as("a merge of three")
                .anyMatch(has(event -> event.prevEvents().size() > 2));
    }

    private static Predicate<FederatedRoom> has(Predicate<Pdu> event) {
        return room -> room.events().stream().anyMatch(event);
    }

    private static List<Object> jsonOf(List<Pdu> events) {
        return events.stream().<Object>map(Pdu::json).toList();
    }
}
