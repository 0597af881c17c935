package io.myelin.contracts;

/**
 * A place in a service's truth.
 *
 * @param incarnation of the shard; positions of different incarnations cannot be compared by {@code seq}
 * @param seq the number of the last fact that the place includes
 */
public record Position(int shard, long incarnation, long seq) {

    /** Whether it is further on than another place of the same shard. */
    public boolean isAfter(Position other) {
        return incarnation != other.incarnation ? incarnation > other.incarnation : seq > other.seq;
    }
}
