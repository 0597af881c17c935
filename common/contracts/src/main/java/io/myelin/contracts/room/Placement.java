package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonCreator;

/** The place in their room that events of other servers get. */
public enum Placement {
    /** After all events of the room. */
    LIVE,
    /** Nowhere: the events are stored only because other events cite them. */
    OUTLIER,
    /** Before an event that the room has. */
    HISTORY;

    /** Also reads the boolean of earlier releases, which says whether the events are outliers. */
    @JsonCreator
    static Placement of(Object said) {
        return said instanceof Boolean isOutlier ? isOutlier ? OUTLIER : LIVE : valueOf(said.toString());
    }
}
