package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.contracts.room.RoomFact.Standing;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.receive.AuthEventsCheck;
import io.myelin.roomserver.receive.ContentHashCheck;
import io.myelin.roomserver.receive.CurrentStateCheck;
import io.myelin.roomserver.receive.Failure;
import io.myelin.roomserver.receive.FormatCheck;
import io.myelin.roomserver.receive.SignatureCheck;
import io.myelin.roomserver.receive.StateBeforeCheck;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomState;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.UserEntity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The receipt of events of one room, one after another, within one decision. */
final class Receipt {

    private final Known known;
    private final ReceivePdus command;
    private final RoomVersion version;
    private final EventSigner signer;
    private final Moment moment;

    private final CitedEvents cited;
    private final StatesBefore states;
    private final HistoryLine history;
    private final Map<UserId, UserEntity> users = new HashMap<>();

    /** Null as long as there is no such room. */
    private @Nullable RoomEdit edit;

    /** Whether nothing more can be taken before what has been taken is committed. */
    private boolean isFull;

    Receipt(Known known, ReceivePdus command, RoomVersion version, EventSigner signer, Moment moment) {
        this.known = known;
        this.command = command;
        this.version = version;
        this.signer = signer;
        this.moment = moment;
        Optional<Room> room = known.find(command.room());
        cited = new CitedEvents(known, command.room());
        states = new StatesBefore(known, room);
        room.ifPresent(this::begin);
        history = new HistoryLine(known, command, room);
    }

    private void begin(Room room) {
        if (!room.version().equals(version)) {
            throw new Refusal(MatrixError.invalidParam("The room has version " + room.version() + "."));
        }
        edit = new RoomEdit(room, signer, moment);
        if (!room.isSettled()) {
            settle(edit);
        }
    }

    private void settle(RoomEdit unsettled) {
        users.putAll(Settlement.settle(known, unsettled, signer.server()));
    }

    List<RoomFact> facts() {
        return edit == null ? List.of() : edit.facts();
    }

    Position position() {
        return edit == null ? Outcome.before(moment) : edit.position();
    }

    /** Whether the room goes on from one state, and not too many events. */
    boolean isTidy() {
        return edit == null || (edit.room().isSettled() && !edit.room().isFrayed());
    }

    Map<String, RoomEntity> changes() {
        Map<String, RoomEntity> changes = new HashMap<>();
        if (edit != null && !edit.facts().isEmpty()) {
            changes.put(EntityKey.of(command.room()), edit.room());
            changes.putAll(cited.changes());
            users.values().forEach(user -> changes.put(EntityKey.of(user.user()), user));
            changes.putAll(history.changes());
        }
        return changes;
    }

    /** What becomes of the events, in their order. */
    List<ReceivedPdu> takeAll() {
        List<ReceivedPdu> received = new ArrayList<>();
        for (byte[] body : command.pdus()) {
            received.add(take(body));
        }
        RoomEdit into = edit;
        if (into == null || history.isEmpty()) {
            return received;
        }
        if (received.stream().allMatch(Receipt::isDone)) {
            history.insertInto(into).forEach(cited::take);
            return received;
        }
        return received.stream().map(history::orPostponed).toList();
    }

    private static boolean isDone(ReceivedPdu received) {
        return switch (received) {
            case ReceivedPdu.Missing _, ReceivedPdu.Postponed _ -> false;
            case ReceivedPdu.Accepted _, ReceivedPdu.SoftFailed _, ReceivedPdu.Rejected _ -> true;
        };
    }

    /** Checks an event and takes it, or not. */
    private ReceivedPdu take(byte[] body) {
        Pdu sent;
        try {
            sent = FormatCheck.parse(version, command.room(), body); // 1
        } catch (FormatCheck.NoEvent invalid) {
            return new ReceivedPdu.Rejected(null, String.valueOf(invalid.getMessage()));
        }
        Optional<Failure> unsigned = SignatureCheck.check(sent, command.keys()); // 2
        if (unsigned.isPresent()) {
            return new ReceivedPdu.Rejected(null, unsigned.get().reason());
        }
        EventEntity same = cited.find(sent.eventId()).orElse(null);
        if (same != null && !getsItsPlace(same)) {
            return again(same);
        }
        // What is known of an event stays as it is, whatever comes under its ID now.
        Pdu event = same == null ? ContentHashCheck.orRedacted(sent) : same.pdu(); // 3
        if (isFull) {
            return new ReceivedPdu.Postponed(event.eventId());
        }
        return event.type().equals(EventTypes.CREATE) ? create(event, same) : next(event, same);
    }

    /** Whether an event that is known may have its place now, or at least its state. */
    private boolean getsItsPlace(EventEntity same) {
        return command.placement() != Placement.OUTLIER
                && same.room().equals(command.room())
                && (same.isOutlier() || same.isUnplaced() && !history.has(same.id()));
    }

    private ReceivedPdu again(EventEntity event) {
        if (!event.room().equals(command.room())) {
            return new ReceivedPdu.Rejected(null, "Another room has an event of this ID.");
        }
        return switch (event.standing()) {
            case null -> new ReceivedPdu.Accepted(event.id());
            case UNPLACED -> new ReceivedPdu.Accepted(event.id());
            case SOFT_FAILED -> new ReceivedPdu.SoftFailed(event.id(), "The event failed softly before.");
            case REJECTED, REJECTED_OUTLIER -> new ReceivedPdu.Rejected(event.id(), "The event was rejected before.");
            case OUTLIER ->
                command.placement() == Placement.OUTLIER
                        ? new ReceivedPdu.Accepted(event.id())
                        : new ReceivedPdu.Rejected(event.id(), "The event is known, but has no place in the room.");
        };
    }

    private ReceivedPdu create(Pdu event, @Nullable EventEntity same) {
        RoomEdit into = edit;
        if (into != null && same == null) {
            return new ReceivedPdu.Rejected(null, "The room has another create event.");
        }
        Optional<Failure> failure = StateBeforeCheck.check(event, RoomState.EMPTY);
        if (failure.isPresent()) {
            return new ReceivedPdu.Rejected(null, failure.get().reason());
        }
        if (into == null) {
            Room unborn = Room.unborn(command.room(), version, moment.seq());
            into = new RoomEdit(unborn.readBy(known.stateEvents()), signer, moment);
            edit = into;
        }
        return switch (command.placement()) {
            case LIVE ->
                into.room().isUnborn()
                        ? accept(into, event, RoomState.EMPTY, List.of(), same)
                        : again(Objects.requireNonNull(same));
            case OUTLIER -> keepOutlier(into, event, Optional.empty());
            case HISTORY -> lineUp(into, event, RoomState.EMPTY, List.of(), same);
        };
    }

    private ReceivedPdu next(Pdu event, @Nullable EventEntity same) {
        Long given = command.given().get(event.eventId());
        List<EventId> missing = missing(event, given != null);
        if (!missing.isEmpty()) {
            return new ReceivedPdu.Missing(event.eventId(), missing);
        }
        RoomEdit into = edit;
        if (into == null) {
            return new ReceivedPdu.Rejected(null, "The room has no create event.");
        }
        Optional<Failure> byAuthEvents =
                AuthEventsCheck.check(event, into.room(), cited.all(AuthEventsCheck.restsOn(event)));
        if (command.placement() == Placement.OUTLIER) {
            return keepOutlier(into, event, byAuthEvents);
        }
        List<EventEntity> prevEvents = cited.withState(event.prevEvents());
        if (prevEvents.stream().anyMatch(prev -> !prev.room().equals(command.room()))) {
            return new ReceivedPdu.Rejected(null, "A previous event is of another room.");
        }
        Set<Long> before = states.names(into.room(), prevEvents, given);
        if (!states.canBeToldApart(into, before)) {
            isFull = true;
            return new ReceivedPdu.Postponed(event.eventId());
        }
        return next(into, event, states.resolve(into, before), prevEvents, byAuthEvents, same);
    }

    private ReceivedPdu next(
            RoomEdit into,
            Pdu event,
            RoomState before,
            List<EventEntity> prevEvents,
            Optional<Failure> byAuthEvents,
            @Nullable EventEntity same) {
        if (byAuthEvents.isPresent()) {
            return keep(into, event, Standing.REJECTED, before, byAuthEvents.get(), same); // 4
        }
        if (same != null && same.wasRejected()) {
            return keep(into, event, Standing.REJECTED, before, new Failure("It was rejected before."), same);
        }
        Optional<Failure> byState = StateBeforeCheck.check(event, before);
        if (byState.isPresent()) {
            return keep(into, event, Standing.REJECTED, before, byState.get(), same); // 5
        }
        if (command.placement() == Placement.HISTORY) {
            return lineUp(into, event, before, prevEvents, same);
        }
        boolean comesIn =
                command.given().containsKey(event.eventId()) && !into.room().hasMemberOf(signer.server());
        Optional<Failure> now = CurrentStateCheck.check(event, comesIn ? before : into.room());
        if (now.isPresent()) {
            return keep(into, event, Standing.SOFT_FAILED, before, now.get(), same); // 6
        }
        if (comesIn) {
            replace(into, before);
        }
        return accept(into, event, before, prevEvents, same);
    }

    private void replace(RoomEdit into, RoomState state) {
        Room before = into.room();
        into.replace(state);
        users.putAll(Settlement.whoMoved(known, before, into.room(), signer.server()));
    }

    private List<EventId> missing(Pdu event, boolean isStateGiven) {
        List<EventId> missing = new ArrayList<>();
        for (EventId id : AuthEventsCheck.restsOn(event)) {
            if (cited.find(id).isEmpty()) {
                missing.add(id);
            }
        }
        if (command.placement() != Placement.OUTLIER && !isStateGiven) {
            missing.addAll(withoutPlace(event.prevEvents()));
        }
        return missing.stream().distinct().toList();
    }

    /** Those that are not known, or of which it is not known yet where they belong. */
    private List<EventId> withoutPlace(List<EventId> prevEvents) {
        return prevEvents.stream()
                .filter(id -> cited.find(id)
                        .filter(prev -> !prev.isOutlier() && (!prev.isUnplaced() || history.has(id)))
                        .isEmpty())
                .toList();
    }

    private ReceivedPdu keepOutlier(RoomEdit into, Pdu event, Optional<Failure> failure) {
        Standing standing = failure.isPresent() ? Standing.REJECTED_OUTLIER : Standing.OUTLIER;
        RedactedBy redactedBy = failure.isPresent() ? null : cited.redactedBy(event, into.room());
        cited.take(into.keep(event, cited.restsOn(event), standing, RoomState.EMPTY, null, redactedBy, null));
        return failure.isPresent()
                ? new ReceivedPdu.Rejected(event.eventId(), failure.get().reason())
                : new ReceivedPdu.Accepted(event.eventId());
    }

    private ReceivedPdu keep(
            RoomEdit into,
            Pdu event,
            Standing standing,
            RoomState before,
            Failure failure,
            @Nullable EventEntity same) {
        RedactedBy redactedBy = same == null ? null : same.redactedBy();
        taken(into.keep(event, cited.restsOn(event), standing, before, null, redactedBy, same), before);
        return standing == Standing.SOFT_FAILED
                ? new ReceivedPdu.SoftFailed(event.eventId(), failure.reason())
                : new ReceivedPdu.Rejected(event.eventId(), failure.reason());
    }

    private void taken(EventEntity event, RoomState before) {
        cited.take(event);
        states.take(event, before);
    }

    private ReceivedPdu lineUp(
            RoomEdit into, Pdu event, RoomState before, List<EventEntity> prevEvents, @Nullable EventEntity same) {
        Optional<Failure> outOfOrder = history.check(prevEvents);
        if (outOfOrder.isPresent()) {
            return new ReceivedPdu.Rejected(null, outOfOrder.get().reason());
        }
        EventEntity next = same;
        if (next == null || !next.isUnplaced()) {
            EventEntity redacted = cited.redacted(event, before).orElse(null);
            RedactedBy redactedBy = redactedBy(into, event, same);
            next = into.keep(event, cited.restsOn(event), Standing.UNPLACED, before, redacted, redactedBy, same);
            taken(next, before);
            cited.redact(into, next, redacted, before);
            endsHere(into, next);
        }
        history.add(next);
        return new ReceivedPdu.Accepted(event.eventId());
    }

    /** What the event was redacted by before it came, or before it gets its place. */
    private @Nullable RedactedBy redactedBy(RoomEdit into, Pdu event, @Nullable EventEntity same) {
        return same == null ? cited.redactedBy(event, into.room()) : same.redactedBy();
    }

    private static boolean isCurrent(Room room, EventEntity event) {
        StateEvent current = room.state().get(event.pdu().key());
        return current != null && current.seq() == event.seq();
    }

    /** What comes before the event others may know. */
    private void endsHere(RoomEdit into, EventEntity event) {
        if (!withoutPlace(event.pdu().prevEvents()).isEmpty()) {
            into.endsAt(event);
        }
    }

    private ReceivedPdu accept(
            RoomEdit into, Pdu event, RoomState before, List<EventEntity> prevEvents, @Nullable EventEntity same) {
        EventEntity redacted = cited.redacted(event, before).orElse(null);
        RedactedBy redactedBy = redactedBy(into, event, same);
        EventEntity accepted = into.receive(
                event, cited.restsOn(event), before, cited.covered(prevEvents), redacted, redactedBy, same);
        taken(accepted, before);
        cited.redact(into, accepted, redacted, before);
        endsHere(into, accepted);
        String stateKey = event.stateKey();
        if (stateKey != null && event.type().equals(EventTypes.MEMBER) && isCurrent(into.room(), accepted)) {
            UserId user = new UserId(stateKey);
            if (user.serverName().equals(signer.server())) {
                UserEntity now = users.containsKey(user) ? users.get(user) : known.user(user);
                users.put(user, now.in(command.room(), Membership.of(event) == Membership.JOIN));
            }
        }
        return new ReceivedPdu.Accepted(event.eventId());
    }
}
