package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A second implementation of versions 2 and 2.1 of the algorithm, definition by definition as in the specification: with
 * sets and recursion, without regard to cost, and without code of the first implementation. In 2.1 the auth chain of a
 * power event is followed through events outside the full conflicted set too, to show that it makes no difference there.
 */
final class NaiveResolution {
    private static final StateKey POWER_LEVELS = new StateKey("m.room.power_levels", "");
    private static final int INFINITE = Integer.MAX_VALUE;

    private final boolean isVersion21;
    private final Map<EventId, Pdu> events;
    private final Set<EventId> rejected;
    private final Set<EventId> fullConflicted = new HashSet<>();

    NaiveResolution(boolean isVersion21, Map<EventId, Pdu> events, Set<EventId> rejected) {
        this.isVersion21 = isVersion21;
        this.events = events;
        this.rejected = rejected;
    }

    Map<StateKey, EventId> resolve(List<Map<StateKey, EventId>> states) {
        Map<StateKey, EventId> unconflicted = new HashMap<>();
        Set<EventId> conflicted = new HashSet<>();
        for (Map<StateKey, EventId> state : states) {
            state.forEach((key, id) -> {
                if (states.stream().allMatch(other -> id.equals(other.get(key)))) {
                    unconflicted.put(key, id);
                } else {
                    conflicted.add(id);
                }
            });
        }
        if (conflicted.isEmpty()) {
            return unconflicted;
        }
        fullConflicted.addAll(conflicted);
        fullConflicted.addAll(authDifference(states));
        if (isVersion21) {
            fullConflicted.addAll(subgraph(conflicted));
        }
        fullConflicted.retainAll(events.keySet());

        Set<EventId> picked = new HashSet<>();
        for (EventId id : fullConflicted) {
            if (isPowerEvent(event(id))) {
                picked.add(id);
                picked.addAll(chainToFollow(id));
                picked.retainAll(fullConflicted);
            }
        }
        Map<StateKey, EventId> partial =
                authChecks(isVersion21 ? new HashMap<>() : new HashMap<>(unconflicted), powerOrder(picked));
        Set<EventId> remaining = new HashSet<>(fullConflicted);
        remaining.removeAll(picked);
        Map<StateKey, EventId> resolved =
                authChecks(partial, mainlineOrder(remaining, mainline(partial.get(POWER_LEVELS))));
        resolved.putAll(unconflicted);
        return resolved;
    }

    private Set<EventId> authDifference(List<Map<StateKey, EventId>> states) {
        List<Set<EventId>> chains = new ArrayList<>();
        for (Map<StateKey, EventId> state : states) {
            Set<EventId> chain = new HashSet<>();
            state.values().forEach(id -> collect(id, chain, _ -> true));
            chains.add(chain);
        }
        Set<EventId> union = new HashSet<>();
        chains.forEach(union::addAll);
        Set<EventId> intersection = new HashSet<>(union);
        chains.forEach(intersection::retainAll);
        union.removeAll(intersection);
        return union;
    }

    private Set<EventId> subgraph(Set<EventId> conflicted) {
        Set<EventId> subgraph = new HashSet<>();
        for (EventId from : conflicted) {
            for (EventId between : chain(from)) {
                if (chain(between).stream().anyMatch(conflicted::contains)) {
                    subgraph.add(between);
                }
            }
        }
        return subgraph;
    }

    private List<EventId> powerOrder(Set<EventId> picked) {
        Comparator<EventId> smaller = Comparator.comparing((EventId id) -> power(event(id)), Comparator.reverseOrder())
                .thenComparing(id -> event(id).originServerTs())
                .thenComparing(EventId::value);
        List<EventId> order = new ArrayList<>();
        Set<EventId> left = new HashSet<>(picked);
        while (!left.isEmpty()) {
            EventId smallest = left.stream()
                    .filter(id ->
                            chainToFollow(id).stream().noneMatch(before -> !before.equals(id) && left.contains(before)))
                    .min(smaller)
                    .orElseThrow();
            order.add(smallest);
            left.remove(smallest);
        }
        return order;
    }

    private List<EventId> mainline(@Nullable EventId powerLevels) {
        List<EventId> mainline = new ArrayList<>();
        for (EventId next = powerLevels; next != null; next = citedPowerLevels(next)) {
            mainline.add(next);
        }
        return mainline;
    }

    private List<EventId> mainlineOrder(Set<EventId> remaining, List<EventId> mainline) {
        return remaining.stream()
                .sorted(Comparator.comparing((EventId id) -> mainlinePosition(id, mainline), Comparator.reverseOrder())
                        .thenComparing(id -> event(id).originServerTs())
                        .thenComparing(EventId::value))
                .toList();
    }

    private int mainlinePosition(EventId id, List<EventId> mainline) {
        EventId cited = citedPowerLevels(id);
        if (cited == null) {
            return INFINITE;
        }
        return mainline.contains(cited) ? mainline.indexOf(cited) : mainlinePosition(cited, mainline);
    }

    private Map<StateKey, EventId> authChecks(Map<StateKey, EventId> state, List<EventId> order) {
        for (EventId id : order) {
            Pdu event = event(id);
            boolean isAllowed = AuthRules.check(event, (type, stateKey) -> {
                        EventId current = state.get(new StateKey(type, stateKey));
                        return current != null ? event(current) : cited(event, type, stateKey, rejected);
                    })
                    .isAllowed();
            if (isAllowed) {
                state.put(event.key(), id);
            }
        }
        return state;
    }

    private static boolean isPowerEvent(Pdu event) {
        return switch (event.type()) {
            case "m.room.power_levels", "m.room.join_rules" -> true;
            case "m.room.member" -> {
                String membership = event.content().string("membership").orElse("");
                yield (membership.equals("leave") || membership.equals("ban"))
                        && !event.sender().value().equals(event.stateKey());
            }
            default -> false;
        };
    }

    private long power(Pdu event) {
        Pdu create = cited(event, "m.room.create", "", Set.of());
        if (create == null) {
            return 0;
        }
        boolean isCreator = create.sender().equals(event.sender());
        if (isCreator && event.version().creatorsHaveInfinitePower()) {
            return Long.MAX_VALUE;
        }
        Pdu powerLevels = cited(event, "m.room.power_levels", "", Set.of());
        if (powerLevels == null) {
            return isCreator ? 100 : 0;
        }
        JsonObject content = powerLevels.content();
        return content.object("users")
                .orElse(JsonObject.EMPTY)
                .integer(event.sender().value())
                .orElse(content.integer("users_default").orElse(0));
    }

    private @Nullable EventId citedPowerLevels(EventId id) {
        Pdu powerLevels = cited(event(id), "m.room.power_levels", "", Set.of());
        return powerLevels == null ? null : powerLevels.eventId();
    }

    private @Nullable Pdu cited(Pdu event, String type, String stateKey, Set<EventId> leavingOut) {
        List<EventId> cited = new ArrayList<>(event.authEvents());
        if (event.version().roomIdIsCreateEventHash() && !event.type().equals("m.room.create")) {
            cited.add(new EventId(event.roomId().value().replace('!', '$')));
        }
        return cited.stream()
                .filter(id -> events.containsKey(id) && !leavingOut.contains(id))
                .map(this::event)
                .filter(candidate -> candidate.is(type, stateKey))
                .findFirst()
                .orElse(null);
    }

    private Set<EventId> chainToFollow(EventId id) {
        Set<EventId> chain = new HashSet<>();
        collect(id, chain, isVersion21 ? _ -> true : fullConflicted::contains);
        return chain;
    }

    private Set<EventId> chain(EventId id) {
        Set<EventId> chain = new HashSet<>();
        collect(id, chain, _ -> true);
        return chain;
    }

    private void collect(EventId id, Set<EventId> chain, Predicate<EventId> follow) {
        if (follow.test(id) && chain.add(id) && events.containsKey(id)) {
            event(id).authEvents().forEach(cited -> collect(cited, chain, follow));
        }
    }

    private Pdu event(EventId id) {
        Pdu event = events.get(id);
        if (event == null) {
            throw new IllegalArgumentException("Event " + id + " is not known.");
        }
        return event;
    }
}
