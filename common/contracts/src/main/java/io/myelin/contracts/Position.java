package io.myelin.contracts;

/**
 * A position in a shard's log.
 *
 * @param incarnation of the shard; positions of different incarnations cannot be compared by {@code seq}
 * @param seq the number of the last fact that the position includes
 */
public record Position(int shard, long incarnation, long seq) {

    /** Whether it is further on than another position of the same shard. */
    public boolean isAfter(Position other) {
        return incarnation != other.incarnation ? incarnation > other.incarnation : seq > other.seq;
    }
}
