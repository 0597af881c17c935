package io.myelin.roomserver;

import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.contracts.room.RoomGraphQueries.EventAt;
import io.myelin.contracts.room.RoomGraphQueries.Gap;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.roomserver.federated.StoryRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Another server that asks for events of a room. */
record AskingServer(RunningRoomServer server, StoryRoom story, ServerName name) {

    private RoomGraphQueries graph() {
        return server.graph();
    }

    private RoomId room() {
        return story.told().id();
    }

    private Map<EventId, Pdu> byId(List<byte[]> bodies) {
        return bodies.stream()
                .map(body -> Pdu.parse(story.told().version(), body))
                .collect(Collectors.toMap(Pdu::eventId, Function.identity()));
    }

    boolean takesPart() {
        return graph().takesPart(room(), name);
    }

    Map<EventId, Pdu> backfilled() {
        return byId(graph().backfill(room(), name, graph().forwardExtremities(room()), 100));
    }

    Map<EventId, Pdu> backfilledFrom(Pdu event) {
        return byId(graph().backfill(room(), name, List.of(event.eventId()), 100));
    }

    Map<EventId, Pdu> missing(Gap gap) {
        return byId(graph().missingEvents(room(), name, gap));
    }

    Optional<EventAt> nearestUntil(Pdu event) {
        return graph().nearest(room(), name, event.originServerTs(), false);
    }

    Optional<List<EventId>> authChain(Pdu event) {
        return graph().authChain(room(), name, event.eventId());
    }

    boolean hasStateBefore(Pdu event) {
        return graph().stateIds(room(), name, event.eventId()).isPresent();
    }

    boolean sees(Pdu event) {
        return graph().event(name, event.eventId()).isPresent();
    }

    /** Whether the server gets the whole event, however it asks. */
    boolean getsWhole(Pdu event) {
        Pdu filled = backfilled().get(event.eventId());
        return sees(event) && filled != null && filled.json().equals(event.json());
    }

    /** Whether the server gets the event pruned, and nothing if it asks for this event alone. */
    boolean getsPruned(Pdu event) {
        Pdu filled = backfilled().get(event.eventId());
        return !sees(event)
                && filled != null
                && !filled.json().equals(event.json())
                && filled.json().equals(event.redacted().json());
    }

    boolean getsNothingOf(Pdu event) {
        return !sees(event) && !backfilled().containsKey(event.eventId());
    }

    /** All answers to the server about this event. */
    List<Object> answers(Pdu event) {
        List<Object> answers = new ArrayList<>();
        if (takesPart()) {
            answers.add("a member");
        }
        answers.addAll(backfilled().keySet());
        answers.addAll(
                missing(new Gap(List.of(), List.of(event.eventId()), 10, 0)).keySet());
        graph().event(name, event.eventId()).ifPresent(answers::add);
        graph().stateIds(room(), name, event.eventId()).ifPresent(answers::add);
        authChain(event).ifPresent(answers::add);
        nearestUntil(event).ifPresent(answers::add);
        return answers;
    }
}
