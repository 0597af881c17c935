package io.myelin.clientsync.visibility;

import java.util.ArrayList;
import java.util.List;

/**
 * The values that one place of a room's state has had over time.
 *
 * @param first the value before all changes
 * @param changes in order of their numbers
 */
public record ValueHistory(String first, List<Change> changes) {

    /** @param seq the number of the event that set the value */
    public record Change(long seq, String value) {}

    public ValueHistory {
        changes = List.copyOf(changes);
    }

    public static ValueHistory always(String value) {
        return new ValueHistory(value, List.of());
    }

    /** The value just before an event. */
    public String before(long seq) {
        return at(seq - 1);
    }

    /** The value after an event. */
    public String at(long seq) {
        for (Change change : changes.reversed()) {
            if (change.seq() <= seq) {
                return change.value();
            }
        }
        return first;
    }

    /** Whether it became this value at any time after an event. */
    public boolean becameAfter(long seq, String value) {
        for (Change change : changes.reversed()) {
            if (change.seq() <= seq) {
                return false;
            }
            if (change.value().equals(value)) {
                return true;
            }
        }
        return false;
    }

    /** The history without changes after an event. */
    public ValueHistory until(long seq) {
        List<Change> kept = new ArrayList<>(changes);
        kept.removeIf(change -> change.seq() > seq);
        return new ValueHistory(first, kept);
    }
}
