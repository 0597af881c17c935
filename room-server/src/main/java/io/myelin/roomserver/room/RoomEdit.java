package io.myelin.roomserver.room;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.ClientRequest;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.InsertedEvent;
import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.contracts.room.RoomFact.StateChange;
import io.myelin.contracts.room.RoomFact.StateReplaced;
import io.myelin.contracts.room.RoomFact.StateResolved;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.SentEvent;
import io.myelin.contracts.room.StateLinks;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.AuthResult;
import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import io.myelin.roomserver.state.StateLayers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A room within one decision. Events are added one by one, and the changes are collected. */
public final class RoomEdit {

    private final EventSigner signer;
    private final Moment moment;
    private final NumberedChanges changes;
    private final StateEvents events;

    private Room room;

    /** @param room {@link Room#readBy reads} the state events of this decision */
    public RoomEdit(Room room, EventSigner signer, Moment moment) {
        this.room = room;
        this.events = Objects.requireNonNull(room.current().reading());
        this.signer = signer;
        this.moment = moment;
        this.changes = new NumberedChanges(moment);
    }

    /**
     * A room with its create event.
     *
     * @throws Refusal if the rules reject the create event, or the room that it makes has another ID
     */
    public static RoomEdit create(
            RoomId id,
            Requester requester,
            EventTemplate template,
            EventSigner signer,
            Moment moment,
            StateEvents events) {
        Pdu create = signer.sign(template);
        if (!create.roomId().equals(id)) {
            throw new Refusal(MatrixError.invalidParam("The create event makes the room " + create.roomId() + "."));
        }
        check(AuthRules.check(create, (type, stateKey) -> null));
        RoomEdit edit =
                new RoomEdit(Room.unborn(id, create.version(), moment.seq()).readBy(events), signer, moment);
        edit.add(requester, create, edit.nextSeq(), List.of(), RoomState.EMPTY, Set.of(), null, null);
        return edit;
    }

    public Room room() {
        return room;
    }

    public EventSigner signer() {
        return signer;
    }

    public List<RoomChange> facts() {
        return changes.all();
    }

    /** The position of the newest fact, or of the last one before this decision. */
    public Position position() {
        return changes.at(changes.next() - 1);
    }

    public Position at(long seq) {
        return changes.at(seq);
    }

    /** The number of the next fact. */
    public long nextSeq() {
        return changes.next();
    }

    /** Whether this decision named the state, so that it is not stored yet. */
    public boolean isOfThisDecision(long state) {
        return changes.isNew(state);
    }

    /**
     * The next event of the room, made by this server.
     *
     * @throws Refusal if the rules reject it
     * @throws PolicySignatureNeeded if the room's policy server must sign it first
     * @throws io.myelin.matrix.event.EventTooLarge if it, or one of its fields, is too large
     */
    public Pdu append(Requester requester, EventDraft draft) {
        return append(requester, draft, null);
    }

    /** As above, for an event that may redact another one. */
    public Pdu append(Requester requester, EventDraft draft, @Nullable EventEntity redacted) {
        return append(requester, draft, room.nextPrevEvents(), room.current(), redacted);
    }

    /**
     * An event after some of the forward extremities only.
     *
     * @param before the state after these
     * @throws Refusal if the rules reject it
     */
    public void merge(UserId sender, List<ForwardExtremity> extremities, RoomState before) {
        EventDraft dummy = new EventDraft(sender, EventTypes.DUMMY, null, JsonObject.EMPTY, null, null, null, null);
        append(new Requester(sender, null, null), dummy, extremities, before, null);
    }

    private Pdu append(
            Requester requester,
            EventDraft draft,
            List<ForwardExtremity> prevEvents,
            RoomState before,
            @Nullable EventEntity redacted) {
        before.require(
                AuthEvents.select(draft.type(), draft.stateKey(), draft.sender(), draft.content(), room.version()));
        Pdu fresh = signer.sign(room.next(draft, prevEvents, before, moment.now()));
        check(AuthRules.check(fresh, before));
        Pdu event = PolicySignatures.signed(room, draft, fresh, prevEvents, before, signer);
        add(
                requester,
                event,
                nextSeq(),
                authEvents(event, before),
                before,
                Set.copyOf(event.prevEvents()),
                redacted,
                null);
        return event;
    }

    /** The numbers of the events that permit an event of this server: those of the state before it that it has to cite. */
    private List<Long> authEvents(Pdu event, RoomState before) {
        List<Long> numbers = AuthEvents.select(event).stream()
                .flatMap(place -> Stream.ofNullable(before.events().get(place)))
                .map(StateEvent::seq)
                .collect(Collectors.toList());
        if (event.version().roomIdIsCreateEventHash()) {
            numbers.add(room.created());
        }
        return numbers;
    }

    /**
     * An event of another server, which has passed all checks.
     *
     * @param restsOn the numbers of the events that permit it
     * @param before the state before it
     * @param covered the events that are no longer forward extremities
     * @param redacted the event that it redacts; null for none
     * @param redactedBy the redaction that prunes it; null for none
     * @param same the event as it was known before; null if it was not
     */
    public EventEntity receive(
            Pdu event,
            List<Long> authEvents,
            RoomState before,
            Set<EventId> covered,
            @Nullable EventEntity redacted,
            @Nullable RedactedBy redactedBy,
            @Nullable EventEntity same) {
        RoomPlace place = RoomPlace.live(nextSeq());
        long number = changes.of(same);
        add(
                new Requester(event.sender(), null, null),
                event,
                number,
                authEvents,
                before,
                covered,
                redacted,
                redactedBy);
        return new EventEntity(room.id(), number, null, before.name(), place, redactedBy, event);
    }

    /**
     * An event of another server that gets no place in the room.
     *
     * @param restsOn the numbers of the events that are to permit it
     * @param before the state before it; the empty one for an outlier
     * @param redacted the event that it redacts; null for none
     * @param redactedBy the redaction that prunes it; null for none
     * @param same the event as it was known before; null if it was not
     */
    public EventEntity keep(
            Pdu event,
            List<Long> authEvents,
            RoomFact.UnplacedReason standing,
            RoomState before,
            @Nullable EventEntity redacted,
            @Nullable RedactedBy redactedBy,
            @Nullable EventEntity same) {
        long number = changes.of(same);
        RoomState.Next after = before.after(number, event);
        changes.add(new RoomChange.KeptEvent(
                new RoomFact.EventKept(
                        room.id(),
                        room.version().id(),
                        event.eventId(),
                        standing,
                        event.type(),
                        event.stateKey(),
                        after.replaces(),
                        before.name(),
                        room.created(),
                        changes.unlessNext(number)),
                redacted == null ? null : redacted.id(),
                event.bytes(),
                redactedBy == null ? 0 : redactedBy.number(),
                authEvents));
        if (standing == RoomFact.UnplacedReason.SOFT_FAILED || standing == RoomFact.UnplacedReason.UNPLACED) {
            write(after.written());
            read(number, event, redactedBy);
        }
        prune(redacted);
        return new EventEntity(room.id(), number, standing, before.name(), null, redactedBy, event);
    }

    /**
     * Gives events of the history their places, below all that is known before the same live event.
     *
     * @param events oldest first
     * @param anchor the number of the live event
     */
    public List<EventEntity> insert(List<EventEntity> events, long anchor, HistoryBefore before) {
        List<EventEntity> placed = new ArrayList<>();
        List<InsertedEvent> inserted = new ArrayList<>();
        int back = before.lowest() - events.size();
        for (EventEntity event : events) {
            inserted.add(new InsertedEvent(event.id(), event.type(), event.seq(), back));
            placed.add(event.at(new RoomPlace(anchor, back)));
            back++;
        }
        changes.add(new RoomFact.HistoryInserted(room.id(), room.created(), anchor, List.copyOf(inserted)));
        return placed;
    }

    /** Notes that what comes before an event is not known. */
    public void endsAt(EventEntity event) {
        changes.add(new RoomFact.BackwardExtremity(room.id(), room.created(), event.seq()));
    }

    /** Notes that a redaction waits for an event that is not known. */
    public void waits(EventId redacts, WaitingRedaction redaction) {
        changes.add(new RoomFact.EarlyRedaction(
                room.id(), room.created(), redaction.number(), redacts, redaction.hasPower()));
    }

    private void add(
            Requester requester,
            Pdu event,
            long number,
            List<Long> authEvents,
            RoomState before,
            Set<EventId> covered,
            @Nullable EventEntity redacted,
            @Nullable RedactedBy redactedBy) {
        boolean isRequesters = requester.user().equals(event.sender());
        RoomState.Next after = before.readBy(events).after(number, redactedBy == null ? event : event.redacted());
        boolean isForked = before.name() != room.current().name();
        room = room.with(ForwardExtremity.of(number, event, after.state().name()), covered, before, after.state());
        RoomFact.RoomEvent added = new RoomFact.RoomEvent(
                room.id(),
                room.version().id(),
                SentEvent.of(event),
                isRequesters ? ClientRequest.of(requester.device(), requester.transactionId()) : ClientRequest.NONE,
                new StateLinks(
                        room.created(),
                        changes.unlessNext(number),
                        after.replaces(),
                        before.name(),
                        event.isState() && room.current().name() != number,
                        isForked),
                redacted == null ? null : redacted.id(),
                redactedBy);
        changes.add(new RoomChange.LiveEvent(added, room.head(number), authEvents));
        write(after.written());
        read(number, event, redactedBy);
        prune(redacted);
    }

    /** Makes a state event readable for the rest of the decision. */
    private void read(long number, Pdu event, @Nullable RedactedBy redactedBy) {
        if (event.isState()) {
            events.put(number, redactedBy == null ? event : event.redacted());
        }
    }

    private void prune(@Nullable EventEntity redacted) {
        if (redacted != null && redacted.stateKey() != null) {
            events.put(redacted.seq(), redacted.pdu().redacted());
        }
    }

    /** Gives a state a name, unless it has one already; {@code changed} is the state that it is relative to. */
    public RoomState named(RelativeState state, RoomState changed) {
        StateLayers layers = state.base();
        if (!state.difference().isEmpty()) {
            StateLayers.Next next = layers.resolved(nextSeq(), state.difference());
            write(next.written());
            layers = next.layers();
        }
        return changed.with(state.changes(), layers);
    }

    /** Makes the resolution of the states after the forward extremities the current state. */
    public void resolveCurrentState(RelativeState resolution) {
        RoomState before = room.current();
        room = room.settled(named(resolution, before), resolution.conflict());
        changed(StateChanges.of(before, resolution.changes()), room.head(0));
    }

    /**
     * Makes a state received from another server the current one, before the event that came with it. Changed memberships of
     * our users are written down one by one; those of other servers' users can be found in the state.
     */
    public void replace(RoomState state) {
        RoomState before = room.current();
        room = room.replaced(state);
        changes.add(new StateReplaced(room.id(), room.created(), state.name()));
        Map<StateKey, Optional<StateEvent>> ours = new HashMap<>();
        before.events().differences(state.events(), (place, _, after) -> {
            if (place.isMemberOf(signer.server())) {
                ours.put(place, Optional.ofNullable(after));
            }
        });
        if (!ours.isEmpty()) {
            changed(StateChanges.of(before, ours), null);
        }
    }

    private void changed(List<StateChange> places, @Nullable RoomHead head) {
        int from = 0;
        do {
            int to = Math.min(places.size(), from + StateResolved.MOST_CHANGES);
            StateResolved some = new StateResolved(room.id(), room.created(), List.copyOf(places.subList(from, to)));
            changes.add(new RoomChange.Resolution(some, head));
            from = to;
        } while (from < places.size());
    }

    public void publish(boolean published) {
        if (room.published() != published) {
            room = room.published(published);
            changes.add(new RoomFact.DirectoryVisibilityChanged(room.id(), published));
        }
    }

    private void write(StateLayers.@Nullable Difference difference) {
        if (difference != null) {
            changes.add(new RoomFact.StateDifference(
                    room.id(),
                    room.created(),
                    difference.state(),
                    difference.base(),
                    difference.level(),
                    difference.steps(),
                    difference.numbers().toBytes()));
        }
    }

    private static void check(AuthResult result) {
        if (result instanceof AuthResult.Rejected(var _, String reason)) {
            throw new Refusal(MatrixError.forbidden(reason));
        }
    }
}
