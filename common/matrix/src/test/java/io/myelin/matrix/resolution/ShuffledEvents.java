package io.myelin.matrix.resolution;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Gives the answers of another source, each time in a random order. */
record ShuffledEvents(ResolutionEvents events, Random random) implements ResolutionEvents {
    @Override
    public Map<EventId, ReceivedEvent> load(Collection<EventId> ids) {
        return shuffled(events.load(ids));
    }

    @Override
    public Set<EventId> authDifference(StateMap<EventId> unconflicted, List<Set<EventId>> conflicted) {
        return shuffled(events.authDifference(unconflicted, conflicted));
    }

    @Override
    public Set<EventId> conflictedSubgraph(Set<EventId> conflicted) {
        return shuffled(events.conflictedSubgraph(conflicted));
    }

    @Override
    public Map<EventId, EventId> previousPowerLevels(Collection<EventId> powerLevels) {
        return shuffled(events.previousPowerLevels(powerLevels));
    }

    private <T> Set<T> shuffled(Collection<T> elements) {
        List<T> list = new ArrayList<>(elements);
        Collections.shuffle(list, random);
        return new LinkedHashSet<>(list);
    }

    private <V> Map<EventId, V> shuffled(Map<EventId, V> map) {
        Map<EventId, V> result = new LinkedHashMap<>();
        for (Map.Entry<EventId, V> entry : shuffled(map.entrySet())) {
            result.put(entry.getKey(), entry.getValue());
        }
        return result;
    }
}
