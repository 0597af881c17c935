package io.myelin.roomserver.room;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * The size of a state, updated with each change.
 *
 * @param bytes of the bodies of all events but member events
 * @param memberBytes of the bodies of member events
 * @param members users who are joined or invited
 * @param keyChars characters of all types and state keys
 */
public record StateSize(long bytes, long memberBytes, int members, long keyChars) {

    public static final StateSize NONE = new StateSize(0, 0, 0, 0);

    /** The size after the event at a place has changed; null stands for no event. */
    public StateSize changed(StateKey place, @Nullable StateEvent before, @Nullable StateEvent after) {
        int key = place.stateKey().length();
        return new StateSize(
                bytes + others(after) - others(before),
                memberBytes + ofMember(after) - ofMember(before),
                members + present(after) - present(before),
                keyChars + (before == null ? key : 0) - (after == null ? key : 0));
    }

    private static long others(@Nullable StateEvent event) {
        return event == null || event.membership() != null ? 0 : event.size();
    }

    private static long ofMember(@Nullable StateEvent event) {
        return event == null || event.membership() == null ? 0 : event.size();
    }

    private static int present(@Nullable StateEvent event) {
        return event != null && (event.membership() == Membership.JOIN || event.membership() == Membership.INVITE)
                ? 1
                : 0;
    }
}
