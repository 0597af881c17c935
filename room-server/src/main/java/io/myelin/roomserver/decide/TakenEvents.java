package io.myelin.roomserver.decide;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.contracts.room.RoomFact.UnplacedReason;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.receive.Failure;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomState;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.UserEntity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events of a command that are taken, and how they change the room and our users in it. */
final class TakenEvents {

    private final Known known;
    private final EventSigner signer;
    private final CitedEvents cited;
    private final StatesBefore states;
    private final HistoryLine history;
    private final Citations citations;
    private final Map<UserId, UserEntity> users = new HashMap<>();

    /** Whether an event has been taken that was not known before. */
    private boolean hasTaken;

    TakenEvents(Known known, EventSigner signer, CitedEvents cited, StatesBefore states, HistoryLine history) {
        this.known = known;
        this.signer = signer;
        this.cited = cited;
        this.states = states;
        this.history = history;
        citations = new Citations(cited, history);
    }

    boolean hasTaken() {
        return hasTaken;
    }

    /** Resolves the states after the room's forward extremities into one. */
    void resolveCurrentState(RoomEdit unsettled) {
        users.putAll(StateSettlement.resolveCurrentState(known, unsettled, signer.server()));
    }

    /** Makes a state that came with an event the room's current one. */
    void replace(RoomEdit into, RoomState state) {
        Room before = into.room();
        into.replace(state);
        users.putAll(StateSettlement.changedUsers(known, before, into.room(), signer.server()));
    }

    /** The changed room, events and users of ours. */
    Map<String, RoomEntity> changes(RoomEdit into) {
        Map<String, RoomEntity> changes = new HashMap<>();
        changes.put(EntityKey.of(into.room().id()), into.room());
        changes.putAll(cited.changes());
        users.values().forEach(user -> changes.put(EntityKey.of(user.user()), user));
        changes.putAll(history.changes());
        return changes;
    }

    /** Keeps an event only for the events and states that need it. */
    ReceivedPdu keepOutlier(RoomEdit into, Pdu event, Optional<Failure> failure) {
        UnplacedReason standing = failure.isPresent() ? UnplacedReason.REJECTED_OUTLIER : UnplacedReason.OUTLIER;
        RedactedBy redactedBy = failure.isPresent() ? null : cited.redactedBy(event, into.room());
        cited.take(into.keep(event, cited.authEvents(event), standing, RoomState.EMPTY, null, redactedBy, null));
        return failure.isPresent()
                ? new ReceivedPdu.Rejected(event.eventId(), failure.get().reason())
                : new ReceivedPdu.Accepted(event.eventId());
    }

    /** Keeps an event that gets no place in the room. */
    ReceivedPdu keep(
            RoomEdit into,
            Pdu event,
            UnplacedReason standing,
            RoomState before,
            Failure failure,
            @Nullable EventEntity same) {
        RedactedBy redactedBy = same == null ? null : same.redactedBy();
        taken(into.keep(event, cited.authEvents(event), standing, before, null, redactedBy, same), before);
        return standing == UnplacedReason.SOFT_FAILED
                ? new ReceivedPdu.SoftFailed(event.eventId(), failure.reason())
                : new ReceivedPdu.Rejected(event.eventId(), failure.reason());
    }

    /** Keeps a redaction that is shown to nobody, but may wait for the event that it redacts. */
    ReceivedPdu keepInVain(RoomEdit into, Pdu event, RoomState before, @Nullable EventEntity same) {
        Failure failure = new Failure("Its sender may not redact the event, or the event is not known.");
        ReceivedPdu kept = keep(into, event, UnplacedReason.SOFT_FAILED, before, failure, same);
        cited.redact(into, cited.find(event.eventId()).orElseThrow(), null, before);
        return kept;
    }

    private void taken(EventEntity event, RoomState before) {
        hasTaken = true;
        cited.take(event);
        states.take(event, before);
    }

    /** Takes an event of the history, which waits for the others that it came with. */
    ReceivedPdu queueHistory(
            RoomEdit into, Pdu event, RoomState before, List<EventEntity> prevEvents, @Nullable EventEntity same) {
        Optional<Failure> outOfOrder = history.check(prevEvents);
        if (outOfOrder.isPresent()) {
            return new ReceivedPdu.Rejected(null, outOfOrder.get().reason());
        }
        EventEntity redacted = cited.redacted(event, before).orElse(null);
        RedactedBy redactedBy = redactedBy(into, event, same);
        EventEntity next =
                into.keep(event, cited.authEvents(event), UnplacedReason.UNPLACED, before, redacted, redactedBy, same);
        taken(next, before);
        cited.redact(into, next, redacted, before);
        endsHere(into, next);
        return queueHistory(next, prevEvents);
    }

    /** Lets an event wait for its place in the history. */
    ReceivedPdu queueHistory(EventEntity next, List<EventEntity> prevEvents) {
        Optional<Failure> outOfOrder = history.check(prevEvents);
        if (outOfOrder.isPresent()) {
            return new ReceivedPdu.Rejected(null, outOfOrder.get().reason());
        }
        history.add(next);
        return new ReceivedPdu.Accepted(next.id());
    }

    /** The redaction that redacts the event already, before it gets its place; null for none. */
    private @Nullable RedactedBy redactedBy(RoomEdit into, Pdu event, @Nullable EventEntity same) {
        return same == null ? cited.redactedBy(event, into.room()) : same.redactedBy();
    }

    /** Takes a live event. */
    ReceivedPdu accept(
            RoomEdit into, Pdu event, RoomState before, List<EventEntity> prevEvents, @Nullable EventEntity same) {
        EventEntity redacted = cited.redacted(event, before).orElse(null);
        RedactedBy redactedBy = redactedBy(into, event, same);
        EventEntity accepted = into.receive(
                event,
                cited.authEvents(event),
                before,
                cited.covered(prevEvents, into.room()),
                redacted,
                redactedBy,
                same);
        taken(accepted, before);
        cited.redact(into, accepted, redacted, before);
        endsHere(into, accepted);
        moves(into, accepted);
        return new ReceivedPdu.Accepted(event.eventId());
    }

    /** Updates one of our users if the event brought them into the room or out of it. */
    private void moves(RoomEdit into, EventEntity accepted) {
        Pdu event = accepted.pdu();
        String stateKey = event.stateKey();
        if (stateKey != null && event.type().equals(EventTypes.MEMBER) && isCurrent(into.room(), accepted)) {
            UserId user = new UserId(stateKey);
            if (user.isOn(signer.server()) && UserId.tryParse(stateKey).isPresent()) {
                UserEntity now = users.containsKey(user) ? users.get(user) : known.user(user);
                users.put(user, now.in(into.room().id(), Membership.of(event) == Membership.JOIN));
            }
        }
    }

    private static boolean isCurrent(Room room, EventEntity event) {
        StateEvent current = room.state().get(event.pdu().key());
        return current != null && current.seq() == event.seq();
    }

    /** Makes the event a backward extremity if events before it are unknown here; other servers may know them. */
    private void endsHere(RoomEdit into, EventEntity event) {
        List<EventId> prevEvents = event.pdu().prevEvents();
        if (!citations.withoutPlace(prevEvents).isEmpty()
                || cited.isUnknownBehind(cited.withState(prevEvents), into.room())) {
            into.endsAt(event);
        }
    }
}
