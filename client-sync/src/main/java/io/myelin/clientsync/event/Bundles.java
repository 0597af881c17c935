package io.myelin.clientsync.event;

import io.myelin.contracts.room.BundledEvents.ThreadSize;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.Relation;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is shown with events of what relates to them: the newest edit, references, and the size and newest event of a
 * thread. Reactions are not bundled. Client-server API, "Aggregations of child events".
 *
 * <p>A state event has no bundle, nor has an edit or a reaction, and state events are in none. An event in a thread has
 * no thread of its own.
 *
 * @param edits of the events, and of the newest events of their threads
 * @param references by the event that they refer to, oldest first; those of events in threads, too
 * @param threads by their roots
 */
public record Bundles(Edits edits, Map<EventId, List<EventId>> references, Map<EventId, Thread> threads) {
    public static final Bundles NONE = new Bundles(Edits.NONE, Map.of(), Map.of());

    /** How many references are shown with an event: the newest. */
    public static final int MOST_REFERENCES = 50;

    /**
     * @param newest the newest event of the thread, as the viewer is shown it
     * @param count the events of the thread without its root
     */
    public record Thread(StoredEvent newest, long count, boolean participated) {}

    /**
     * @param originals events that are shown
     * @param related what relates to them, and the edits of that: events that the viewer sees, as they are shown
     * @param sizes of the threads; null if {@code related} has all of their events
     */
    public static Bundles of(
            UserId viewer, List<StoredEvent> originals, List<StoredEvent> related, @Nullable List<ThreadSize> sizes) {
        Map<EventId, Target> targets = targets(originals);
        List<Related> relating = new ArrayList<>(related.size());
        for (StoredEvent stored : related) {
            Relation.of(stored.event().body())
                    .ifPresent(relation -> relating.add(new Related(stored, relation)));
        }
        Set<EventId> inThreadsOfTargets = new HashSet<>();
        for (Related one : relating) {
            if (one.relation().is(Relation.THREAD) && targets.containsKey(one.relation().target())) {
                inThreadsOfTargets.add(one.stored().event().id());
            }
        }
        Map<EventId, List<StoredEvent>> inThreads = new HashMap<>();
        Map<EventId, List<StoredEvent>> referring = new HashMap<>();
        List<StoredEvent> replacing = new ArrayList<>();
        Set<EventId> counted = new HashSet<>();
        for (Related one : relating) {
            StoredEvent stored = one.stored();
            Relation relation = one.relation();
            if (relation.is(Relation.REPLACE)) {
                replacing.add(stored);
                continue;
            }
            if (stored.event().isState()
                    || stored.redactedBecause() != null
                    || !(targets.containsKey(relation.target()) || inThreadsOfTargets.contains(relation.target()))
                    || !counted.add(stored.event().id())) {
                continue;
            }
            switch (relation.type()) {
                case Relation.THREAD -> add(inThreads, relation, stored);
                case Relation.REFERENCE -> add(referring, relation, stored);
                default -> {
                    // nothing else is bundled
                }
            }
        }
        Map<EventId, ThreadSize> known = new HashMap<>();
        if (sizes != null) {
            sizes.forEach(size -> known.put(size.root(), size));
        }
        Map<EventId, Thread> threads = new HashMap<>();
        inThreads.forEach((root, events) -> {
            Target target = targets.get(root);
            if (target != null && !target.isInThread()) {
                threads.put(root, thread(viewer, target.stored(), events, known.get(root)));
            }
        });
        Map<EventId, List<EventId>> references = new HashMap<>();
        referring.forEach((target, events) -> references.put(target, newest(events)));
        List<StoredEvent> edited = new ArrayList<>();
        targets.values().forEach(target -> edited.add(target.stored()));
        threads.values().forEach(thread -> edited.add(thread.newest()));
        Edits edits = Edits.of(edited, replacing);
        return edits == Edits.NONE && references.isEmpty() && threads.isEmpty()
                ? NONE
                : new Bundles(edits, references, threads);
    }

    /** An event that is shown. */
    private record Target(StoredEvent stored, boolean isInThread) {}

    private record Related(StoredEvent stored, Relation relation) {}

    private static Map<EventId, Target> targets(List<StoredEvent> originals) {
        Map<EventId, Target> targets = new HashMap<>();
        for (StoredEvent stored : originals) {
            if (!stored.event().isState()) {
                Relation own = Relation.of(stored.event().body()).orElse(null);
                if (own == null || !(own.is(Relation.REPLACE) || own.is(Relation.ANNOTATION))) {
                    boolean isInThread = own != null && own.is(Relation.THREAD);
                    targets.put(stored.event().id(), new Target(stored, isInThread));
                }
            }
        }
        return targets;
    }

    private static void add(Map<EventId, List<StoredEvent>> to, Relation relation, StoredEvent stored) {
        to.computeIfAbsent(relation.target(), _ -> new ArrayList<>()).add(stored);
    }

    private static Thread thread(UserId viewer, StoredEvent root, List<StoredEvent> events, @Nullable ThreadSize size) {
        StoredEvent newest =
                events.stream().max(Comparator.comparing(StoredEvent::place)).orElseThrow();
        boolean participated = root.event().sender().equals(viewer)
                || (size != null && size.participated())
                || events.stream().anyMatch(stored -> stored.event().sender().equals(viewer));
        return new Thread(newest, size == null ? events.size() : size.count(), participated);
    }

    private static List<EventId> newest(List<StoredEvent> events) {
        List<EventId> ids = events.stream()
                .sorted(Comparator.comparing(StoredEvent::place))
                .map(stored -> stored.event().id())
                .toList();
        return ids.subList(Math.max(0, ids.size() - MOST_REFERENCES), ids.size());
    }

    /** These, and those of other events. */
    public Bundles and(Bundles others) {
        if (this == NONE || others == NONE) {
            return this == NONE ? others : this;
        }
        Map<EventId, StoredEvent> allEdits = new HashMap<>(edits.newest());
        allEdits.putAll(others.edits.newest());
        Map<EventId, List<EventId>> allReferences = new HashMap<>(references);
        allReferences.putAll(others.references);
        Map<EventId, Thread> allThreads = new HashMap<>(threads);
        allThreads.putAll(others.threads);
        return new Bundles(new Edits(allEdits), allReferences, allThreads);
    }

    Bundles withoutThreads() {
        return new Bundles(edits, references, Map.of());
    }

    /** Whether anything is shown with an event. */
    boolean hasAny(EventId event) {
        return edits.of(event) != null || references.containsKey(event) || threads.containsKey(event);
    }
}
