package io.myelin.contracts.room;

/**
 * How an event is linked with the states of its room, by the numbers of their shard.
 *
 * @param created the number of the room's create event, which names the room within its shard
 * @param number what states cite the event by; 0 if it is the number of its fact, as it is but for what was known as an
 *     outlier before
 * @param replaces the number of the state event that this one replaces; 0 for none
 * @param state names the state before it: the number of the state event, or of the {@link RoomFact.StateDifference}, that
 *     made it; 0 for the empty one
 * @param aside whether the room's current state is another than the one after it; else that has a state event from here on
 * @param forked whether the room's current state was another than the one before it
 */
public record StateLinks(long created, long number, long replaces, long state, boolean aside, boolean forked) {

    /** Of an event whose room goes on from it alone, and that is cited by the number of its fact. */
    public StateLinks(long created, long replaces, long state) {
        this(created, 0, replaces, state, false, false);
    }

    StateLinks withNumber(long other) {
        return new StateLinks(created, other, replaces, state, aside, forked);
    }
}
