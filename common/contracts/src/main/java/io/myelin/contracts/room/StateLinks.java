package io.myelin.contracts.room;

/**
 * How an event is linked with the states of its room, by the numbers of their shard.
 *
 * @param created the number of the room's create event, which names the room within its shard
 * @param number the number by which states refer to the event; 0 if it is the number of its fact, as for all events that
 *     were not outliers before
 * @param replaces the number of the state event that this one replaces; 0 for none
 * @param state the name of the state before the event: the number of the state event, or of the {@link
 *     RoomFact.StateDifference}, that made that state; 0 for the empty state
 * @param outsideCurrentState whether the room's current state differs from the state after the event; if not, a state event is part of
 *     the current state from here on
 * @param forked whether the room's current state differed from the state before the event
 */
public record StateLinks(
        long created, long number, long replaces, long state, boolean outsideCurrentState, boolean forked) {

    /** The links of an event that is not on a fork, and that states refer to by the number of its fact. */
    public StateLinks(long created, long replaces, long state) {
        this(created, 0, replaces, state, false, false);
    }

    StateLinks withNumber(long other) {
        return new StateLinks(created, other, replaces, state, outsideCurrentState, forked);
    }
}
