package io.myelin.matrix.room;

/** A version's algorithm of state resolution, named as in the specification and its proposals. */
public enum ResolutionAlgorithm {
    /** By depth, one type of events after the other; room version 1. */
    V1,
    /** By power and by mainline, beginning with the state on which all states agree; MSC1442, room versions 2 to 11. */
    V2,
    /** By power and by mainline, beginning with an empty state; MSC4297, from room version 12 on. */
    V2_1;

    /** Whether events are replayed onto an empty state, so that their own auth events have to permit them. */
    public boolean startsFromEmptyState() {
        return this == V2_1;
    }

    /** Whether the events on auth paths between conflicted events are replayed too. */
    public boolean replaysConflictedSubgraph() {
        return this == V2_1;
    }
}
