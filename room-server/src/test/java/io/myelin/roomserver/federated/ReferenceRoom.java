package io.myelin.roomserver.federated;

import static io.myelin.roomserver.federated.Verdict.Step.BY_AUTH_EVENTS;
import static io.myelin.roomserver.federated.Verdict.Step.BY_STATE_BEFORE;

import io.myelin.matrix.auth.AuthEventsRules;
import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.resolution.EventsInMemory;
import io.myelin.matrix.resolution.StateResolution;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A room as every server with all of its events has to see it: which of them the checks on receipt reject, and the state
 * before and after each. The implementation is naive: every state is kept whole, and every question walks the graph. Soft
 * failure is left out, since it depends on the order of arrival and makes no difference to any state. Server-server API,
 * "Checks performed on receipt of a PDU", "Rejection".
 */
public final class ReferenceRoom {
    /** An event with its verdict and the states around it. */
    private record Received(Pdu event, Verdict verdict, StateMap<EventId> before, StateMap<EventId> after) {}

    private final RoomVersion version;
    private final Map<EventId, Received> received = new LinkedHashMap<>();
    private final Map<EventId, Pdu> events = new LinkedHashMap<>();
    private final Set<EventId> rejected = new HashSet<>();

    ReferenceRoom(RoomVersion version) {
        this.version = version;
    }

    /**
     * The room of these events, which may be in any order and repeated.
     *
     * @throws IllegalArgumentException if they cite an event that is not among them
     */
    public static ReferenceRoom of(RoomVersion version, Collection<Pdu> events) {
        var room = new ReferenceRoom(version);
        TopologicalOrder.of(events).forEach(room::receive);
        return room;
    }

    /** All events, in a topological order. */
    public List<Pdu> events() {
        return List.copyOf(events.values());
    }

    public Pdu event(EventId id) {
        return known(id).event();
    }

    public Verdict verdict(EventId id) {
        return known(id).verdict();
    }

    public List<Pdu> rejected(Verdict.Step step) {
        return events.values().stream()
                .filter(event -> verdict(event.eventId()).isRejected(step))
                .toList();
    }

    public StateMap<EventId> stateBefore(EventId id) {
        return known(id).before();
    }

    /** The state after an event; a rejected event leaves the state as it was. */
    public StateMap<EventId> stateAfter(EventId id) {
        return known(id).after();
    }

    /** The current state of a server whose forward extremities are these. */
    public StateMap<EventId> stateAfter(Collection<EventId> extremities) {
        List<StateMap<EventId>> states =
                extremities.stream().map(this::stateAfter).toList();
        return states.isEmpty()
                ? StateMap.empty()
                : StateResolution.resolve(version, states, new EventsInMemory(events, rejected));
    }

    /** The state in the form that the authorisation rules read. */
    public AuthState authState(StateMap<EventId> state) {
        return (type, stateKey) -> {
            EventId id = state.get(type, stateKey);
            return id == null ? null : event(id);
        };
    }

    /**
     * The redactions that may redact an event by the state before them, whichever of the two comes first. Room version 3,
     * "Handling redactions".
     */
    public Set<EventId> redactionsOf(EventId id) {
        return events.values().stream()
                .filter(event -> id.equals(event.redacts()))
                .filter(event -> verdict(event.eventId()).isAccepted() && mayRedact(event, event(id)))
                .map(Pdu::eventId)
                .collect(Collectors.toSet());
    }

    /** Whether an event comes after another in the graph. */
    public boolean comesAfter(EventId id, EventId other) {
        Set<EventId> before = new HashSet<>();
        Deque<EventId> open = new ArrayDeque<>(event(id).prevEvents());
        while (!open.isEmpty()) {
            EventId prev = open.remove();
            if (before.add(prev)) {
                open.addAll(event(prev).prevEvents());
            }
        }
        return before.contains(other);
    }

    private boolean mayRedact(Pdu redaction, Pdu target) {
        AuthState before = authState(stateBefore(redaction.eventId()));
        PowerLevels levels = PowerLevels.of(
                Objects.requireNonNull(before.get(EventTypes.CREATE, "")), before.get(EventTypes.POWER_LEVELS, ""));
        boolean isOfOneServer =
                redaction.sender().serverName().equals(target.sender().serverName());
        return !target.type().equals(EventTypes.CREATE)
                && (version.redactionsNeedPower()
                        || isOfOneServer
                        || levels.user(redaction.sender()) >= levels.redact());
    }

    /** The verdict on this event if it arrived now. */
    Verdict judge(Pdu event) {
        return judge(event, stateAfter(event.prevEvents()));
    }

    /** Receives an event whose cited events have all been received. */
    void receive(Pdu event) {
        if (received.containsKey(event.eventId())) {
            return;
        }
        StateMap<EventId> before = stateAfter(event.prevEvents());
        Verdict verdict = judge(event, before);
        StateMap<EventId> after =
                verdict.isAccepted() && event.isState() ? before.with(event.key(), event.eventId()) : before;
        if (!verdict.isAccepted()) {
            rejected.add(event.eventId());
        }
        events.put(event.eventId(), event);
        received.put(event.eventId(), new Received(event, verdict, before, after));
    }

    private Verdict judge(Pdu event, StateMap<EventId> before) {
        Verdict byAuthEvents = judgeByAuthEvents(event);
        return byAuthEvents.isAccepted()
                ? Verdict.of(BY_STATE_BEFORE, AuthRules.check(event, authState(before)))
                : byAuthEvents;
    }

    private Verdict judgeByAuthEvents(Pdu event) {
        List<Pdu> cited = event.authEvents().stream().map(this::event).toList();
        Predicate<Pdu> wasRejected = citedEvent -> rejected.contains(citedEvent.eventId());
        Verdict ofSelection = Verdict.of(BY_AUTH_EVENTS, AuthEventsRules.check(event, cited, wasRejected));
        return ofSelection.isAccepted()
                ? Verdict.of(BY_AUTH_EVENTS, AuthRules.check(event, authState(stateOf(event, cited))))
                : ofSelection;
    }

    /**
     * The state made up of the cited events and, in versions where events do not cite it, the create event that the room ID
     * names.
     */
    private StateMap<EventId> stateOf(Pdu event, List<Pdu> cited) {
        StateMap<EventId> state = StateMap.empty();
        if (!version.createInAuthEvents()) {
            EventId create = event.roomId().createEvent().orElseThrow();
            if (events.containsKey(create)) {
                state = state.with(new StateKey(EventTypes.CREATE, ""), create);
            }
        }
        for (Pdu citedEvent : cited) {
            if (citedEvent.isState()) { // a create event may cite anything, since the rules do not look
                state = state.with(citedEvent.key(), citedEvent.eventId());
            }
        }
        return state;
    }

    private Received known(EventId id) {
        Received known = received.get(id);
        if (known == null) {
            throw new IllegalArgumentException("The room has no event " + id + ".");
        }
        return known;
    }

    /** The auth chain of events, without these. */
    public Set<EventId> authChain(Collection<EventId> chainOf) {
        Set<EventId> chain = new HashSet<>();
        Deque<EventId> open = new ArrayDeque<>(chainOf);
        while (!open.isEmpty()) {
            Pdu event = event(open.remove());
            List<EventId> cited = new ArrayList<>(event.authEvents());
            if (!event.version().createInAuthEvents() && !event.type().equals(EventTypes.CREATE)) {
                cited.add(events().getFirst().eventId());
            }
            cited.stream().filter(chain::add).forEach(open::add);
        }
        chain.removeAll(Set.copyOf(chainOf));
        return chain;
    }

    /** The auth difference of the states after events. */
    public Set<EventId> authDifference(List<EventId> differenceOf) {
        Set<EventId> some = new HashSet<>();
        Set<EventId> all = new HashSet<>();
        for (EventId event : differenceOf) {
            Set<EventId> state = Set.copyOf(stateAfter(event).values().toList());
            Set<EventId> full = new HashSet<>(authChain(state));
            full.addAll(state);
            if (some.isEmpty()) {
                all.addAll(full);
            }
            some.addAll(full);
            all.retainAll(full);
        }
        some.removeAll(all);
        return some;
    }
}
