package io.myelin.contracts;

/**
 * A place in a service's truth.
 *
 * @param incarnation of the shard; positions of different incarnations cannot be compared by {@code seq}
 * @param seq the number of the last fact that the place includes
 */
public record Position(int shard, long incarnation, long seq) {}
