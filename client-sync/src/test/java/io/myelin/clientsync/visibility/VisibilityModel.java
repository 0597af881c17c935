package io.myelin.clientsync.visibility;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each user may see of one room, written down from the specification ("Room History Visibility") as plainly as can
 * be: every question goes through the whole history. Each event has a mark in its content that no other has.
 */
final class VisibilityModel {

    /** @param value the membership or visibility that it sets; empty for others */
    record Happened(String id, String type, @Nullable String stateKey, String sender, String value, String mark) {

        boolean isState() {
            return stateKey != null;
        }

        boolean isFor(String itsType, @Nullable String itsKey) {
            return isState() && type.equals(itsType) && Objects.equals(stateKey, itsKey);
        }
    }

    /**
     * How a user stands to the room now.
     *
     * @param reads whether they may read it at all, and not just single events
     * @param isStranger whether their memberships count for nothing
     * @param until the last event that they may see; -1 for none
     */
    record Standing(String user, boolean reads, boolean isStranger, int until) {}

    static final String MEMBER = "m.room.member";
    static final String VISIBILITY = "m.room.history_visibility";

    final List<Happened> events = new ArrayList<>();
    final Set<String> redacted = new HashSet<>();
    final Set<String> erased = new HashSet<>();
    final Map<String, Set<String>> ignored = new HashMap<>();
    final Map<String, Integer> forgottenAt = new HashMap<>();

    int size() {
        return events.size();
    }

    int index(String id) {
        for (int i = 0; i < size(); i++) {
            if (events.get(i).id().equals(id)) {
                return i;
            }
        }
        throw new AssertionError("Nobody sent " + id);
    }

    /** The state event that stood in a place before an event; -1 for none. */
    int standingBefore(int event, String type, @Nullable String stateKey) {
        for (int i = event - 1; i >= 0; i--) {
            if (events.get(i).isFor(type, stateKey)) {
                return i;
            }
        }
        return -1;
    }

    private String valueBefore(int event, String type, String stateKey, String otherwise) {
        int standing = standingBefore(event, type, stateKey);
        return standing < 0 ? otherwise : events.get(standing).value();
    }

    String membershipBefore(String user, int event) {
        return valueBefore(event, MEMBER, user, "leave");
    }

    String membershipNow(String user) {
        return membershipBefore(user, size());
    }

    String visibilityBefore(int event) {
        return valueBefore(event, VISIBILITY, "", "shared");
    }

    boolean isForgotten(String user) {
        Integer at = forgottenAt.get(user);
        return at != null && standingBefore(size(), MEMBER, user) < at;
    }

    Standing standing(String user) {
        String membership = membershipNow(user);
        boolean isStranger = !membership.equals("join") && isForgotten(user);
        if (membership.equals("join") || visibilityBefore(size()).equals("world_readable")) {
            return new Standing(user, true, isStranger, size() - 1);
        }
        boolean isGone = membership.equals("leave") || membership.equals("ban");
        int left = left(user);
        return isGone && !isStranger && left >= 0
                ? new Standing(user, true, false, left)
                : new Standing(user, false, isStranger, size() - 1);
    }

    /** The event with which a user who is not in the room left it; -1 if they never were in it. */
    int left(String user) {
        for (int i = size() - 1; i >= 0; i--) {
            if (events.get(i).isFor(MEMBER, user) && membershipBefore(user, i).equals("join")) {
                return i;
            }
        }
        return -1;
    }

    private boolean joinedAfter(String user, int event) {
        for (int i = event + 1; i < size(); i++) {
            if (events.get(i).isFor(MEMBER, user) && events.get(i).value().equals("join")) {
                return true;
            }
        }
        return false;
    }

    private boolean allows(String visibility, String membership, boolean joinedAfter) {
        return switch (visibility) {
            case "world_readable" -> true;
            case "shared" -> membership.equals("join") || joinedAfter;
            case "invited" -> membership.equals("join") || membership.equals("invite");
            default -> membership.equals("join");
        };
    }

    /**
     * The five rules. For the two kinds of events that change what the rules look at, the value before or after the
     * event suffices.
     */
    boolean sees(Standing who, int event) {
        if (event > who.until()) {
            return false;
        }
        Happened happened = events.get(event);
        String visibility = visibilityBefore(event);
        String membership = who.isStranger() ? "leave" : membershipBefore(who.user(), event);
        boolean joinedAfter = !who.isStranger() && joinedAfter(who.user(), event);
        boolean isOwn = !who.isStranger() && happened.isFor(MEMBER, who.user());
        return allows(visibility, membership, joinedAfter)
                || (happened.isFor(VISIBILITY, "") && allows(happened.value(), membership, joinedAfter))
                || (isOwn && allows(visibility, happened.value(), joinedAfter));
    }

    /** Whether the user sees the room as it was after an event. */
    boolean seesStateAfter(Standing who, int event) {
        if (event > who.until()) {
            return false;
        }
        String membership = who.isStranger() ? "leave" : membershipBefore(who.user(), event + 1);
        boolean joinedAfter = !who.isStranger() && joinedAfter(who.user(), event);
        return (who.reads() && event == who.until())
                || sees(who, event)
                || allows(visibilityBefore(event + 1), membership, joinedAfter);
    }

    boolean isIgnored(String user, int event) {
        Happened happened = events.get(event);
        return !happened.isState() && ignored.getOrDefault(user, Set.of()).contains(happened.sender());
    }

    /** Whether the user sees only the pruned form in a timeline. */
    boolean isPruned(Standing who, int event) {
        Happened happened = events.get(event);
        boolean isOwn = !who.isStranger() && happened.isFor(MEMBER, who.user());
        boolean wasIn = !who.isStranger() && membershipBefore(who.user(), event).equals("join");
        return erased.contains(happened.sender()) && !wasIn && !isOwn;
    }

    boolean isRedacted(int event) {
        return redacted.contains(events.get(event).id());
    }

    /** All events from one on that a timeline may have. */
    List<String> timeline(Standing who, int from) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i <= who.until(); i++) {
            if (sees(who, i) && !isIgnored(who.user(), i)) {
                ids.add(events.get(i).id());
            }
        }
        return ids;
    }

    /** All events from one on that the timeline of a room that the user is in may have: what holds now is told in any case. */
    List<String> joinedTimeline(Standing who, int from) {
        Set<Integer> current = new HashSet<>(stateAfter(size() - 1).values());
        List<String> ids = new ArrayList<>();
        for (int i = from; i <= who.until(); i++) {
            if (current.contains(i) || (sees(who, i) && !isIgnored(who.user(), i))) {
                ids.add(events.get(i).id());
            }
        }
        return ids;
    }

    /** The state after an event, by place. */
    Map<String, Integer> stateAfter(int event) {
        Map<String, Integer> state = new LinkedHashMap<>();
        for (int i = 0; i <= event; i++) {
            Happened happened = events.get(i);
            if (happened.isState()) {
                state.put(happened.type() + " " + happened.stateKey(), i);
            }
        }
        return state;
    }

    /** The marks that may occur in what a user reads: those of events, and of states that they see. */
    Set<String> marks(Standing who) {
        Set<String> marks = new HashSet<>();
        for (int i = 0; i <= who.until(); i++) {
            if (sees(who, i) && !isRedacted(i) && !isPruned(who, i)) {
                marks.add(events.get(i).mark());
            }
            if (seesStateAfter(who, i)) {
                stateAfter(i).values().stream()
                        .filter(standing -> !isRedacted(standing))
                        .forEach(standing -> marks.add(events.get(standing).mark()));
            }
        }
        return marks;
    }
}
