package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonCreator;

/** Where events of other servers go in their room. */
public enum Placement {
    /** After all that the room has. */
    LIVE,
    /** Nowhere: they are kept only for what rests on them. */
    OUTLIER,
    /** Before an event that the room has. */
    HISTORY;

    /** Of the form that says only whether they are outliers, too. */
    @JsonCreator
    static Placement of(Object said) {
        return said instanceof Boolean isOutlier ? isOutlier ? OUTLIER : LIVE : valueOf(said.toString());
    }
}
