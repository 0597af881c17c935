package io.myelin.matrix.room;

/** How a version makes one state of several, named as the specification and its proposals count the algorithms. */
public enum ResolutionAlgorithm {
    /** By depth, one type of events after the other; room version 1. */
    V1,
    /** By power and by mainline, on top of what the states agree on; MSC1442, room versions 2 to 11. */
    V2,
    /** By power and by mainline, on top of nothing; MSC4297, from room version 12 on. */
    V2_1;

    /** Whether events are replayed onto an empty state, so that they find what permits them in their own auth events. */
    public boolean startsFromEmptyState() {
        return this == V2_1;
    }

    /** Whether the events on auth paths between conflicted events are replayed too. */
    public boolean replaysConflictedSubgraph() {
        return this == V2_1;
    }
}
