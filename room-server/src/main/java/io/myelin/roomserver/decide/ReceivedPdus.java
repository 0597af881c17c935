package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomFact.UnplacedReason;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.NotLoaded;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.receive.AuthEventsCheck;
import io.myelin.roomserver.receive.ContentHashCheck;
import io.myelin.roomserver.receive.CurrentStateCheck;
import io.myelin.roomserver.receive.Failure;
import io.myelin.roomserver.receive.ForksCheck;
import io.myelin.roomserver.receive.SignatureCheck;
import io.myelin.roomserver.receive.StateBeforeCheck;
import io.myelin.roomserver.receive.Work;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomState;
import io.myelin.roomserver.room.StateEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The events that a command brings to one room. They are checked and taken one after another, within one decision. */
final class ReceivedPdus {

    private final ReceivePdus command;
    private final RoomVersion version;
    private final EventSigner signer;
    private final Moment moment;
    private final StateEvents stateEvents;

    private final Work work = new Work();
    private final List<Arrival> arrivals;
    private final CitedEvents cited;
    private final StatesBefore states;
    private final HistoryLine history;
    private final Citations citations;
    private final TakenEvents taken;

    /** Null as long as there is no such room. */
    private @Nullable RoomEdit edit;

    /** Whether no more events can be taken before those taken so far are committed. */
    private boolean isFull;

    ReceivedPdus(Known known, ReceivePdus command, RoomVersion version, EventSigner signer, Moment moment) {
        this.command = command;
        this.version = version;
        this.signer = signer;
        this.moment = moment;
        stateEvents = known.stateEvents();
        Optional<Room> room = known.find(command.room());
        arrivals = Arrival.of(command, version); // 1
        cited = new CitedEvents(
                known,
                command.room(),
                arrivals.stream()
                        .flatMap(arrival -> Stream.ofNullable(arrival.event()))
                        .toList());
        states = new StatesBefore(known, room, work);
        edit = room.map(this::begin).orElse(null);
        history = new HistoryLine(known, command, room);
        citations = new Citations(cited, history);
        taken = new TakenEvents(known, signer, cited, states, history);
        if (edit != null && !edit.room().isSettled()) {
            taken.resolveCurrentState(edit);
        }
    }

    private RoomEdit begin(Room room) {
        if (!room.version().equals(version)) {
            throw new Refusal(MatrixError.invalidParam("The room has version " + room.version() + "."));
        }
        return new RoomEdit(room, signer, moment);
    }

    List<RoomChange> facts() {
        return edit == null ? List.of() : edit.facts();
    }

    Position position() {
        return edit == null ? Outcome.before(moment) : edit.position();
    }

    /** Whether the room goes on from a single state and from few enough events. */
    boolean needsNoSettling() {
        return edit == null || (edit.room().isSettled() && !edit.room().hasTooManyExtremities());
    }

    Map<String, RoomEntity> changes() {
        return edit == null || edit.facts().isEmpty() ? Map.of() : taken.changes(edit);
    }

    /** Takes the events, and returns what became of each, in their order. */
    List<ReceivedPdu> takeAll() {
        List<ReceivedPdu> received = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            received.add(take(arrival));
        }
        RoomEdit into = edit;
        if (into == null || history.isEmpty()) {
            return received;
        }
        if (received.stream().allMatch(ReceivedPdus::isDone)) {
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
        // A known event whose ID is its hash was checked when it first arrived.
        Optional<Failure> unsigned = same != null && isNamedByHash
                ? Optional.empty()
                : SignatureCheck.check(sent, command.keys(), work); // 2
        if (unsigned.isPresent()) {
            return new ReceivedPdu.Rejected(null, unsigned.get().reason());
        }
        if (same != null && !Arrival.getsItsPlace(same, command, history)) {
            return Arrival.again(same, command);
        }
        // A known event keeps the content that it was first received with.
        Pdu event = same == null ? ContentHashCheck.orRedacted(sent) : same.pdu(); // 3
        return event.type().equals(EventTypes.CREATE) ? create(event, same) : next(event, same);
    }

    private ReceivedPdu create(Pdu event, @Nullable EventEntity same) {
        RoomEdit into = edit;
        if (into != null && same == null) {
            return new ReceivedPdu.Rejected(null, "The room has another create event.");
        }
        if (same != null && isStandingInLine(same)) {
            return taken.queueHistory(same, List.of());
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
            into = new RoomEdit(unborn.readBy(stateEvents), signer, moment);
            edit = into;
        }
        return switch (command.placement()) {
            case LIVE ->
                into.room().isUnborn()
                        ? taken.accept(into, event, RoomState.EMPTY, List.of(), same)
                        : Arrival.again(Objects.requireNonNull(same), command);
            case OUTLIER -> taken.keepOutlier(into, event, Optional.empty());
            case HISTORY -> taken.queueHistory(into, event, RoomState.EMPTY, List.of(), same);
        };
    }

    private ReceivedPdu next(Pdu event, @Nullable EventEntity same) {
        Long given = command.statesBefore().get(event.eventId());
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
            return taken.queueHistory(same, cited.withState(event.prevEvents()));
        }
        work.charge(Arrival.costOfRules(event));
        Optional<Failure> byAuthEvents =
                AuthEventsCheck.check(event, into.room(), cited.all(AuthEventsCheck.authEvents(event)));
        if (command.placement() == Placement.OUTLIER) {
            return taken.keepOutlier(into, event, byAuthEvents);
        }
        List<EventEntity> prevEvents = cited.withState(event.prevEvents());
        if (prevEvents.stream().anyMatch(prev -> !prev.room().equals(command.room()))) {
            return new ReceivedPdu.Rejected(null, "A previous event is of another room.");
        }
        Set<Long> before = states.names(into.room(), prevEvents, given);
        Optional<RoomState> state;
        try {
            state = states.canResolveNow(into, before) ? resolve(into, before) : Optional.empty();
        } catch (Refusal _) {
            return new ReceivedPdu.Rejected(null, "The states after its previous events cannot be resolved.");
        }
        if (state.isEmpty()) {
            isFull = true;
            return new ReceivedPdu.Postponed(event.eventId());
        }
        return next(into, event, state.get(), prevEvents, byAuthEvents, same);
    }

    /**
     * The state before an event. Empty if it has to be resolved first but events have been taken already, which would have
     * to be checked again.
     */
    private Optional<RoomState> resolve(RoomEdit into, Set<Long> names) {
        try {
            return Optional.of(states.resolve(into, names));
        } catch (NotLoaded later) {
            if (!taken.hasTaken()) {
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
            return taken.keep(into, event, UnplacedReason.REJECTED, before, byAuthEvents.get(), same); // 4
        }
        if (same != null && same.wasRejected()) {
            return taken.keep(
                    into, event, UnplacedReason.REJECTED, before, new Failure("It was rejected before."), same);
        }
        work.charge(Arrival.costOfRules(event));
        Optional<Failure> byState = StateBeforeCheck.check(event, before);
        if (byState.isPresent()) {
            return taken.keep(into, event, UnplacedReason.REJECTED, before, byState.get(), same); // 5
        }
        boolean isInVain = cited.isRedactionInVain(event, before);
        if (command.placement() == Placement.HISTORY) {
            return isInVain
                    ? taken.keepInVain(into, event, before, same)
                    : taken.queueHistory(into, event, before, prevEvents, same);
        }
        boolean joinsWithGivenState = command.statesBefore().containsKey(event.eventId())
                && !into.room().hasMemberOf(signer.server());
        work.charge(Arrival.costOfRules(event));
        Optional<Failure> now = CurrentStateCheck.check(event, joinsWithGivenState ? before : into.room());
        if (now.isPresent()) {
            return taken.keep(into, event, UnplacedReason.SOFT_FAILED, before, now.get(), same); // 6
        }
        if (isInVain) {
            return taken.keepInVain(into, event, before, same);
        }
        long stateAfter = event.isState() ? into.nextSeq() : before.name();
        Set<EventId> covered = cited.covered(prevEvents, into.room());
        Optional<Failure> tooMany = ForksCheck.check(into.room(), covered, stateAfter);
        if (tooMany.isEmpty() && !joinsWithGivenState) {
            tooMany = ForksCheck.checkConflict(into.room(), covered, before, stateAfter, event.bytes().length);
        }
        if (tooMany.isPresent()) {
            return taken.keep(into, event, UnplacedReason.SOFT_FAILED, before, tooMany.get(), same);
        }
        if (joinsWithGivenState) {
            taken.replace(into, before);
        }
        return taken.accept(into, event, before, prevEvents, same);
    }

    /** Whether the event was checked when it first arrived, and has waited for its place since. */
    private boolean isStandingInLine(EventEntity same) {
        return same.isUnplaced() && command.placement() == Placement.HISTORY;
    }
}
