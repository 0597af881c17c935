package io.myelin.matrix.resolution;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A second implementation of version 1 of the algorithm, as {@link NaiveResolution} is of the later versions. */
final class NaiveResolutionV1 {
    private final Map<EventId, Pdu> events;

    NaiveResolutionV1(Map<EventId, Pdu> events) {
        this.events = events;
    }

    Map<StateKey, EventId> resolve(List<Map<StateKey, EventId>> states) {
        Map<StateKey, Set<EventId>> all = new HashMap<>();
        for (Map<StateKey, EventId> state : states) {
            state.forEach(
                    (key, id) -> all.computeIfAbsent(key, _ -> new HashSet<>()).add(id));
        }
        Map<StateKey, EventId> resolved = new HashMap<>();
        Map<StateKey, List<Pdu>> conflicts = new HashMap<>();
        all.forEach((key, ids) -> {
            if (ids.size() == 1) {
                resolved.put(key, ids.iterator().next());
            } else {
                conflicts.put(key, sorted(ids));
            }
        });
        for (String type : List.of("m.room.power_levels", "m.room.join_rules", "m.room.member")) {
            Map<StateKey, EventId> outcomes = new HashMap<>();
            conflicts.forEach((key, candidates) -> {
                if (key.type().equals(type)) {
                    outcomes.put(key, climb(candidates, resolved).eventId());
                }
            });
            resolved.putAll(outcomes);
        }
        Map<StateKey, EventId> others = new HashMap<>();
        conflicts.forEach((key, candidates) -> {
            if (!resolved.containsKey(key)) {
                others.put(
                        key,
                        candidates.reversed().stream()
                                .filter(event -> isAllowed(event, resolved))
                                .findFirst()
                                .orElse(candidates.getFirst())
                                .eventId());
            }
        });
        resolved.putAll(others);
        return resolved;
    }

    private Pdu climb(List<Pdu> candidates, Map<StateKey, EventId> before) {
        Map<StateKey, EventId> state = new HashMap<>(before);
        Pdu accepted = candidates.getFirst();
        for (Pdu event : candidates) {
            if (!event.equals(candidates.getFirst()) && !isAllowed(event, state)) {
                break;
            }
            accepted = event;
            state.put(event.key(), event.eventId());
        }
        return accepted;
    }

    private boolean isAllowed(Pdu event, Map<StateKey, EventId> state) {
        return AuthRules.check(event, (type, stateKey) -> {
                    EventId id = state.get(new StateKey(type, stateKey));
                    return id == null ? null : events.get(id);
                })
                .isAllowed();
    }

    /** The events by ascending depth, then by descending SHA-1. */
    private List<Pdu> sorted(Set<EventId> ids) {
        List<Pdu> sorted = new ArrayList<>();
        ids.forEach(id -> sorted.add(Objects.requireNonNull(events.get(id))));
        sorted.sort(Comparator.comparing(Pdu::depth)
                .thenComparing(event -> sha1(event.eventId()), Comparator.reverseOrder()));
        return sorted;
    }

    private static String sha1(EventId id) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-1").digest(id.value().getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
