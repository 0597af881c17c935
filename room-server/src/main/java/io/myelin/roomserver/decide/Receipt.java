package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.contracts.room.RoomFact.Standing;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.NotLoaded;
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
import io.myelin.roomserver.receive.ForksCheck;
import io.myelin.roomserver.receive.SignatureCheck;
import io.myelin.roomserver.receive.StateBeforeCheck;
import io.myelin.roomserver.receive.Work;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The receipt of events of one room, one after another, within one decision. */
final class Receipt {

    private final Known known;
    private final ReceivePdus command;
    private final RoomVersion version;
    private final EventSigner signer;
    private final Moment moment;

    private final Work work = new Work();
    private final List<Arrival> arrivals;
    private final CitedEvents cited;
    private final StatesBefore states;
    private final HistoryLine history;
    private final Citations citations;
    private final Map<UserId, UserEntity> users = new HashMap<>();

    /** Null as long as there is no such room. */
    private @Nullable RoomEdit edit;

    /** Whether an event of the command has been taken that was not known before. */
    private boolean hasTaken;

    /** Whether nothing more can be taken before what has been taken is committed. */
    private boolean isFull;

    Receipt(Known known, ReceivePdus command, RoomVersion version, EventSigner signer, Moment moment) {
        this.known = known;
        this.command = command;
        this.version = version;
        this.signer = signer;
        this.moment = moment;
        Optional<Room> room = known.find(command.room());
        arrivals = Arrival.of(command, version); // 1
        cited = new CitedEvents(
                known,
                command.room(),
                arrivals.stream()
                        .flatMap(arrival -> Stream.ofNullable(arrival.event()))
                        .toList());
        states = new StatesBefore(known, room, work);
        room.ifPresent(this::begin);
        history = new HistoryLine(known, command, room);
        citations = new Citations(cited, history);
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

    List<RoomChange> facts() {
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
        for (Arrival arrival : arrivals) {
            received.add(take(arrival));
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
    private ReceivedPdu take(Arrival arrival) {
        Pdu sent = arrival.event();
        if (sent == null) {
            return new ReceivedPdu.Rejected(null, arrival.problem());
        }
        EventEntity same = cited.find(sent.eventId()).orElse(null);
        boolean isNamedByHash = !version.eventFormat().eventIdOnEvent();
        if (same != null && isNamedByHash && !Arrival.getsItsPlace(same, command, history)) {
            return Arrival.again(same, command);
        }
        if (isFull || work.isSpent()) {
            isFull = true;
            return new ReceivedPdu.Postponed(sent.eventId());
        }
        work.charge(arrival.costOfReading());
        // An ID that is a hash says that the signatures on it are what they were when the event came first.
        Optional<Failure> unsigned = same != null && isNamedByHash
                ? Optional.empty()
                : SignatureCheck.check(sent, command.keys(), work); // 2
        if (unsigned.isPresent()) {
            return new ReceivedPdu.Rejected(null, unsigned.get().reason());
        }
        if (same != null && !Arrival.getsItsPlace(same, command, history)) {
            return Arrival.again(same, command);
        }
        // What is known of an event stays as it is, whatever comes under its ID now.
        Pdu event = same == null ? ContentHashCheck.orRedacted(sent) : same.pdu(); // 3
        return event.type().equals(EventTypes.CREATE) ? create(event, same) : next(event, same);
    }

    private ReceivedPdu create(Pdu event, @Nullable EventEntity same) {
        RoomEdit into = edit;
        if (into != null && same == null) {
            return new ReceivedPdu.Rejected(null, "The room has another create event.");
        }
        if (same != null && isStandingInLine(same)) {
            return standInLine(same, List.of());
        }
        if (!Arrival.isOfItsVersion(event)) {
            return new ReceivedPdu.Rejected(null, "The create event is not of a room of version " + version + ".");
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
                        : Arrival.again(Objects.requireNonNull(same), command);
            case OUTLIER -> keepOutlier(into, event, Optional.empty());
            case HISTORY -> lineUp(into, event, RoomState.EMPTY, List.of(), same);
        };
    }

    private ReceivedPdu next(Pdu event, @Nullable EventEntity same) {
        Long given = command.given().get(event.eventId());
        boolean needsPlaces = command.placement() != Placement.OUTLIER && given == null;
        List<EventId> missing = citations.missing(event, needsPlaces);
        if (!missing.isEmpty()) {
            return new ReceivedPdu.Missing(event.eventId(), missing);
        }
        RoomEdit into = edit;
        if (into == null) {
            return new ReceivedPdu.Rejected(null, "The room has no create event.");
        }
        if (same != null && isStandingInLine(same)) {
            return standInLine(same, cited.withState(event.prevEvents()));
        }
        work.charge(Arrival.costOfRules(event));
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
        Optional<RoomState> state;
        try {
            state = states.canBeToldApart(into, before) ? resolve(into, before) : Optional.empty();
        } catch (Refusal _) {
            return new ReceivedPdu.Rejected(null, "The states after its previous events cannot be resolved.");
        }
        if (state.isEmpty()) {
            isFull = true;
            return new ReceivedPdu.Postponed(event.eventId());
        }
        return next(into, event, state.get(), prevEvents, byAuthEvents, same);
    }

    /** Empty if it has to be resolved first, and events have been taken: they are not to be checked again for that. */
    private Optional<RoomState> resolve(RoomEdit into, Set<Long> names) {
        try {
            return Optional.of(states.resolve(into, names));
        } catch (NotLoaded later) {
            if (!hasTaken) {
                throw later;
            }
            return Optional.empty();
        }
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
        work.charge(Arrival.costOfRules(event));
        Optional<Failure> byState = StateBeforeCheck.check(event, before);
        if (byState.isPresent()) {
            return keep(into, event, Standing.REJECTED, before, byState.get(), same); // 5
        }
        boolean isInVain = cited.isRedactionInVain(event, before);
        if (command.placement() == Placement.HISTORY) {
            return isInVain ? keepInVain(into, event, before, same) : lineUp(into, event, before, prevEvents, same);
        }
        boolean comesIn =
                command.given().containsKey(event.eventId()) && !into.room().hasMemberOf(signer.server());
        work.charge(Arrival.costOfRules(event));
        Optional<Failure> now = CurrentStateCheck.check(event, comesIn ? before : into.room());
        if (now.isPresent()) {
            return keep(into, event, Standing.SOFT_FAILED, before, now.get(), same); // 6
        }
        if (isInVain) {
            return keepInVain(into, event, before, same);
        }
        long stateAfter = event.isState() ? into.nextSeq() : before.name();
        Set<EventId> covered = cited.covered(prevEvents, into.room());
        Optional<Failure> tooMany = ForksCheck.check(into.room(), covered, stateAfter);
        if (tooMany.isEmpty() && !comesIn) {
            tooMany = ForksCheck.checkConflict(into.room(), covered, before, stateAfter, event.bytes().length);
        }
        if (tooMany.isPresent()) {
            return keep(into, event, Standing.SOFT_FAILED, before, tooMany.get(), same);
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

    /** A redaction that nobody is shown, but that may wait for what it redacts. */
    private ReceivedPdu keepInVain(RoomEdit into, Pdu event, RoomState before, @Nullable EventEntity same) {
        Failure failure = new Failure("Its sender may not redact the event, or the event is not known.");
        ReceivedPdu kept = keep(into, event, Standing.SOFT_FAILED, before, failure, same);
        cited.redact(into, cited.find(event.eventId()).orElseThrow(), null, before);
        return kept;
    }

    private void taken(EventEntity event, RoomState before) {
        hasTaken = true;
        cited.take(event);
        states.take(event, before);
    }

    private ReceivedPdu lineUp(
            RoomEdit into, Pdu event, RoomState before, List<EventEntity> prevEvents, @Nullable EventEntity same) {
        Optional<Failure> outOfOrder = history.check(prevEvents);
        if (outOfOrder.isPresent()) {
            return new ReceivedPdu.Rejected(null, outOfOrder.get().reason());
        }
        EventEntity redacted = cited.redacted(event, before).orElse(null);
        RedactedBy redactedBy = redactedBy(into, event, same);
        EventEntity next =
                into.keep(event, cited.restsOn(event), Standing.UNPLACED, before, redacted, redactedBy, same);
        taken(next, before);
        cited.redact(into, next, redacted, before);
        endsHere(into, next);
        return standInLine(next, prevEvents);
    }

    /** Whether it was checked when it came first, and waits for its place since. */
    private boolean isStandingInLine(EventEntity same) {
        return same.isUnplaced() && command.placement() == Placement.HISTORY;
    }

    private ReceivedPdu standInLine(EventEntity next, List<EventEntity> prevEvents) {
        Optional<Failure> outOfOrder = history.check(prevEvents);
        if (outOfOrder.isPresent()) {
            return new ReceivedPdu.Rejected(null, outOfOrder.get().reason());
        }
        history.add(next);
        return new ReceivedPdu.Accepted(next.id());
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
        List<EventId> prevEvents = event.pdu().prevEvents();
        if (!citations.withoutPlace(prevEvents).isEmpty()
                || cited.isUnknownBehind(cited.withState(prevEvents), into.room())) {
            into.endsAt(event);
        }
    }

    private ReceivedPdu accept(
            RoomEdit into, Pdu event, RoomState before, List<EventEntity> prevEvents, @Nullable EventEntity same) {
        EventEntity redacted = cited.redacted(event, before).orElse(null);
        RedactedBy redactedBy = redactedBy(into, event, same);
        EventEntity accepted = into.receive(
                event,
                cited.restsOn(event),
                before,
                cited.covered(prevEvents, into.room()),
                redacted,
                redactedBy,
                same);
        taken(accepted, before);
        cited.redact(into, accepted, redacted, before);
        endsHere(into, accepted);
        String stateKey = event.stateKey();
        if (stateKey != null && event.type().equals(EventTypes.MEMBER) && isCurrent(into.room(), accepted)) {
            UserId user = new UserId(stateKey);
            if (user.isOn(signer.server()) && UserId.tryParse(stateKey).isPresent()) {
                UserEntity now = users.containsKey(user) ? users.get(user) : known.user(user);
                users.put(user, now.in(command.room(), Membership.of(event) == Membership.JOIN));
            }
        }
        return new ReceivedPdu.Accepted(event.eventId());
    }
}
