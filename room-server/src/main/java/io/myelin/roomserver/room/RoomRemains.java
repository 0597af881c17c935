package io.myelin.roomserver.room;

import java.util.List;

/**
 * Rows of a room that is gone. An event is named by its number; what else has numbers is in the log only.
 *
 * @param created the room's number
 * @param events the numbers of events
 * @param resolutions the numbers at which its state changed by itself, or was replaced
 * @param states names of states that are told from others
 * @param extremities the numbers of events of which it was not known what comes before them
 * @param early the numbers of redactions that came before what they redact
 * @param anchors the numbers of the live events that history was found before
 * @param members who had a membership
 * @param forgetful who had forgotten the room
 * @param logged the numbers of the facts that all these came by, and of others that name the room
 */
public record RoomRemains(
        long created,
        List<Long> events,
        List<Long> resolutions,
        List<Long> states,
        List<Long> extremities,
        List<Long> early,
        List<Long> anchors,
        List<String> members,
        List<String> forgetful,
        List<Long> logged) {

    public boolean isNothing() {
        return events.isEmpty()
                && resolutions.isEmpty()
                && states.isEmpty()
                && extremities.isEmpty()
                && early.isEmpty()
                && anchors.isEmpty()
                && members.isEmpty()
                && forgetful.isEmpty()
                && logged.isEmpty();
    }
}
