package io.myelin.engine;

/**
 * The answer to the read barrier's question: the last commit of a shard.
 *
 * @param incarnation rises when the shard's database was restored from a backup, after which numbers occur again
 * @param seq the number of the last committed fact, 0 before the first
 */
public record Committed(long incarnation, long seq) {}
