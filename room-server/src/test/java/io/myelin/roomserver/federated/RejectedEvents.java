package io.myelin.roomserver.federated;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Makes events that their server should not have sent, and that all others reject. */
final class RejectedEvents {
    /** A draft with auth events that may make an event which is rejected. */
    private record Attempt(Draft draft, List<EventId> authEvents) {}

    private final ReferenceRoom room;
    private final Composition composition;
    private final List<UserId> users;
    private final Random random;

    RejectedEvents(ReferenceRoom room, Composition composition, List<UserId> users, Random random) {
        this.room = room;
        this.composition = composition;
        this.users = users;
        this.random = random;
    }

    /** An event that this step rejects, if one can be made. */
    Optional<Pdu> rejected(Verdict.Step step, UserId sender, List<EventId> prevEvents, List<Pdu> seen) {
        List<Attempt> attempts = new ArrayList<>();
        StateMap<EventId> state = room.stateAfter(prevEvents);
        for (Draft draft : drafts(sender)) {
            List<EventId> selected = composition.selected(draft, state);
            switch (step) {
                case BY_AUTH_EVENTS -> attempts.addAll(wronglyPermitted(draft, selected, seen));
                case BY_STATE_BEFORE -> attempts.addAll(oncePermitted(draft, selected, seen));
            }
        }
        Collections.shuffle(attempts, random);
        return attempts.stream()
                .map(attempt -> composition.event(attempt.draft(), prevEvents, attempt.authEvents()))
                .filter(event -> room.judge(event).isRejected(step))
                .findFirst();
    }

    private List<Draft> drafts(UserId sender) {
        UserId target = users.get(random.nextInt(users.size()));
        JsonObject allPower = JsonObject.of("users", JsonObject.of(sender.value(), Json.of(100)));
        return List.of(
                Draft.message(sender, "message " + random.nextInt(1_000)),
                Draft.topic(sender, "topic " + random.nextInt(1_000)),
                Draft.joins(sender),
                Draft.powerLevels(sender, allPower),
                Draft.member(sender, target, Membership.INVITE),
                Draft.member(sender, target, Membership.BAN));
    }

    /**
     * Attempts with the draft as it is, which may lack power; without one of its auth events; and with one that does not
     * belong there.
     */
    private List<Attempt> wronglyPermitted(Draft draft, List<EventId> selected, List<Pdu> seen) {
        List<Attempt> attempts = new ArrayList<>();
        attempts.add(new Attempt(draft, selected));
        for (EventId left : selected) {
            attempts.add(new Attempt(draft, without(left, selected)));
        }
        Pdu stranger = seen.get(random.nextInt(seen.size()));
        attempts.add(new Attempt(draft, with(stranger.eventId(), selected)));
        rejectedAmong(seen, draft).forEach(id -> attempts.add(new Attempt(draft, replaced(id, selected))));
        return attempts;
    }

    /** Attempts that cite an event which permitted the draft before it was replaced. */
    private List<Attempt> oncePermitted(Draft draft, List<EventId> selected, List<Pdu> seen) {
        Set<StateKey> keys = Set.copyOf(composition.keys(draft));
        return seen.stream()
                .filter(event -> event.isState() && keys.contains(event.key()))
                .filter(event -> !selected.contains(event.eventId()))
                .filter(event -> room.verdict(event.eventId()).isAccepted())
                .map(event -> new Attempt(draft, replaced(event.eventId(), selected)))
                .toList();
    }

    private Stream<EventId> rejectedAmong(List<Pdu> seen, Draft draft) {
        Set<StateKey> keys = Set.copyOf(composition.keys(draft));
        return seen.stream()
                .filter(event -> event.isState() && keys.contains(event.key()))
                .map(Pdu::eventId)
                .filter(id -> !room.verdict(id).isAccepted());
    }

    /** The auth events with this event instead of the one of the same type and state key. */
    private List<EventId> replaced(EventId other, List<EventId> selected) {
        StateKey key = room.event(other).key();
        return with(
                other,
                selected.stream()
                        .filter(id -> !room.event(id).key().equals(key))
                        .toList());
    }

    private static List<EventId> with(EventId added, List<EventId> selected) {
        return Stream.concat(selected.stream(), Stream.of(added)).toList();
    }

    private static List<EventId> without(EventId left, List<EventId> selected) {
        return selected.stream().filter(id -> !id.equals(left)).toList();
    }
}
