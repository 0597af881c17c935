package io.myelin.roomserver.room;

import java.util.List;

/**
 * Rows of a purged room, by the keys under which they are deleted.
 *
 * @param created the room's number
 * @param events the numbers of events
 * @param resolutions the numbers of the facts by which its state was resolved or replaced
 * @param states names of states that are stored as differences from others
 * @param extremities the numbers of its backward extremities
 * @param early the numbers of redactions that arrived before the events they redact
 * @param anchors the numbers of the live events before which history was found
 * @param members the users who had a membership
 * @param forgetful the users who had forgotten the room
 * @param logged the numbers of the facts that wrote all these rows, and of others that name the room
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
        List<String> forgottenBy,
        List<Long> logged) {

    public boolean isNothing() {
        return events.isEmpty()
                && resolutions.isEmpty()
                && states.isEmpty()
                && extremities.isEmpty()
                && early.isEmpty()
                && anchors.isEmpty()
                && members.isEmpty()
                && forgottenBy.isEmpty()
                && logged.isEmpty();
    }
}
