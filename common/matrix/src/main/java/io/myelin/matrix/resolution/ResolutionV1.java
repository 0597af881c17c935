package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The algorithm of room version 1: conflicts are resolved key by key, beginning with the keys that may decide others. Room
 * version 1, "State resolution".
 *
 * <p>Where the text is not definite, this class does what servers do. A key that some states lack and the others agree on
 * is no conflict. The conflicts of one pass do not see each other's outcome. Unknown events take no part. If no event is
 * permitted, the one of least depth stays.
 */
final class ResolutionV1 {
    private final LoadedEvents events;

    ResolutionV1(ResolutionEvents source) {
        this.events = new LoadedEvents(source);
    }

    /** The passes in their order. */
    private enum Pass {
        POWER_LEVELS,
        JOIN_RULES,
        MEMBERS,
        OTHERS;

        private static Pass of(StateKey key) {
            return switch (key.type()) {
                case EventTypes.POWER_LEVELS -> key.stateKey().isEmpty() ? POWER_LEVELS : OTHERS;
                case EventTypes.JOIN_RULES -> JOIN_RULES;
                case EventTypes.MEMBER -> MEMBERS;
                default -> OTHERS;
            };
        }
    }

    StateMap<EventId> resolve(Conflict conflict) {
        events.load(conflict.events());
        Map<StateKey, List<Pdu>> conflicting = new LinkedHashMap<>();
        StateMap<EventId> resolved = conflict.unconflicted();
        for (Map.Entry<StateKey, Set<EventId>> entry : conflict.byKey().entrySet()) {
            List<Pdu> known = events.all(entry.getValue());
            if (known.size() > 1) {
                conflicting.put(entry.getKey(), known);
            } else if (known.size() == 1) {
                resolved = resolved.with(entry.getKey(), known.getFirst().eventId());
            }
        }
        loadWhatPermits(conflicting.values(), resolved);
        for (Pass pass : Pass.values()) {
            resolved = settle(pass, conflicting, resolved);
        }
        return resolved;
    }

    private void loadWhatPermits(Collection<List<Pdu>> conflicting, StateMap<EventId> resolved) {
        Set<EventId> needed = new LinkedHashSet<>();
        for (List<Pdu> candidates : conflicting) {
            for (Pdu event : candidates) {
                for (StateKey key : AuthEvents.select(event)) {
                    EventId current = resolved.get(key);
                    if (current != null) {
                        needed.add(current);
                    }
                }
            }
        }
        events.load(needed);
    }

    private StateMap<EventId> settle(Pass pass, Map<StateKey, List<Pdu>> conflicting, StateMap<EventId> before) {
        StateMap<EventId> after = before;
        for (Map.Entry<StateKey, List<Pdu>> entry : conflicting.entrySet()) {
            if (Pass.of(entry.getKey()) == pass) {
                List<Pdu> deepestFirst = DepthOrdering.deepestFirst(entry.getValue());
                Pdu chosen = pass == Pass.OTHERS
                        ? deepestPermitted(deepestFirst, before)
                        : lastPermitted(deepestFirst.reversed(), before);
                after = after.with(entry.getKey(), chosen.eventId());
            }
        }
        return after;
    }

    /** Begins with the event of least depth and goes on as long as the next event is permitted by the one before. */
    private Pdu lastPermitted(List<Pdu> deepestLast, StateMap<EventId> state) {
        Pdu last = deepestLast.getFirst();
        for (Pdu event : deepestLast.subList(1, deepestLast.size())) {
            if (!isPermitted(event, state.with(last.key(), last.eventId()))) {
                return last;
            }
            last = event;
        }
        return last;
    }

    private Pdu deepestPermitted(List<Pdu> deepestFirst, StateMap<EventId> state) {
        return deepestFirst.stream()
                .filter(event -> isPermitted(event, state))
                .findFirst()
                .orElse(deepestFirst.getLast());
    }

    private boolean isPermitted(Pdu event, StateMap<EventId> state) {
        AuthState authState = (type, stateKey) -> {
            EventId current = state.get(type, stateKey);
            return current == null ? null : events.get(current);
        };
        return AuthRules.check(event, authState).isAllowed();
    }
}
