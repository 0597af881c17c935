package io.myelin.engine;

/**
 * A committed fact with its number. {@code (shard, incarnation, seq)} means the same fact for ever, so a reader drops
 * a duplicate by its number.
 *
 * @param seq dense and increasing within a shard, from 1
 */
public record Numbered<F>(long seq, F fact) {}
