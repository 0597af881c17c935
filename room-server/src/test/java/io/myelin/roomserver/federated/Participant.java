package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A server that takes part in a room, with the events that it has seen. */
final class Participant {
    private static final int MAX_PREV_EVENTS = 10;

    private final List<UserId> users;
    private final ReferenceRoom room;
    private final Set<EventId> seen = new LinkedHashSet<>();
    private final Set<EventId> extremities = new LinkedHashSet<>();

    Participant(List<UserId> users, ReferenceRoom room) {
        this.users = users;
        this.room = room;
    }

    List<UserId> users() {
        return users;
    }

    /** The events that it has seen, cited ones first. */
    List<Pdu> seen() {
        return seen.stream().map(room::event).toList();
    }

    /** The events that it has not received yet, though its users may have heard of them. */
    List<Pdu> unseen() {
        return room.events().stream()
                .filter(event -> !seen.contains(event.eventId()))
                .toList();
    }

    /** Its forward extremities, as many as an event may cite. */
    List<EventId> extremities() {
        return extremities.stream().limit(MAX_PREV_EVENTS).toList();
    }

    /** Mostly all forward extremities, at times only some, as if the others had not arrived yet. */
    List<EventId> someExtremities(Random random) {
        List<EventId> chosen = new ArrayList<>(extremities());
        while (chosen.size() > 1 && random.nextInt(8) == 0) {
            chosen.remove(random.nextInt(chosen.size()));
        }
        return chosen;
    }

    /** Adds its own event, which it cites from now on even if others reject it. */
    void sent(Pdu event) {
        seen.add(event.eventId());
        event.prevEvents().forEach(extremities::remove);
        extremities.add(event.eventId());
    }

    /** Notes an event that it does not cite, since the event must be rejected. */
    void passedOver(Pdu event) {
        seen.add(event.eventId());
    }

    /** Receives the next of the other server's events that are new here, this many at most. */
    void receiveFrom(Participant other, int atMost) {
        Set<EventId> unseen = new LinkedHashSet<>(other.seen);
        unseen.removeAll(new HashSet<>(seen));
        unseen.stream().limit(atMost).map(room::event).forEach(this::received);
    }

    void receiveAllFrom(Participant other) {
        receiveFrom(other, Integer.MAX_VALUE);
    }

    private void received(Pdu event) {
        if (room.verdict(event.eventId()).isAccepted()) {
            sent(event);
        } else {
            passedOver(event);
        }
    }
}
