package io.myelin.roomserver;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.Pdu;
import java.util.List;
import java.util.stream.Stream;

/** Checks how redacted events of a room read, and which redaction they come with. */
record RedactedEvents(RunningRoomServer server, SharedRoom room) {

    /** A reader gets the event pruned, with the redaction. */
    void isRedacted(Pdu event, Pdu because) {
        isRedacted(room.stored(event), event, because);
        assertThat(server.graph().pdus(room.id(), List.of(event.eventId())))
                .containsExactly(event.redacted().bytes());
    }

    static void isRedacted(StoredEvent stored, Pdu event, Pdu because) {
        assertThat(stored.event().id()).isEqualTo(event.eventId());
        assertThat(stored.event().body()).isEqualTo(event.redacted().bytes());
        RoomEvent redaction = requireNonNull(stored.redactedBecause());
        assertThat(redaction.id()).isEqualTo(because.eventId());
        assertThat(redaction.body()).isEqualTo(because.bytes());
    }

    void isWhole(Pdu event) {
        assertThat(room.stored(event).event().body()).isEqualTo(event.bytes());
        assertThat(room.stored(event).redactedBecause()).isNull();
        assertThat(server.graph().pdus(room.id(), List.of(event.eventId()))).containsExactly(event.bytes());
    }

    /** The published live event names its redaction. */
    void readersAreToldOf(Pdu event, Pdu because) {
        assertThat(published(event)).singleElement().satisfies(live -> {
            RoomEvent redaction = requireNonNull(live.redactedBecause());
            assertThat(redaction.id()).isEqualTo(because.eventId());
            assertThat(redaction.sender()).isEqualTo(because.sender());
            assertThat(redaction.timestamp()).isEqualTo(because.originServerTs());
            assertThat(redaction.body()).isEqualTo(because.bytes());
        });
        server.assertThatReplayIsWhatWasPublished();
    }

    private Stream<RoomEvent> published(Pdu event) {
        return server.replayed(Partitions.of(room.id().value(), RunningRoomServer.SHARDS)).stream()
                .flatMap(fact -> fact.fact() instanceof RoomEvent live ? Stream.of(live) : Stream.empty())
                .filter(live -> live.id().equals(event.eventId()));
    }
}
