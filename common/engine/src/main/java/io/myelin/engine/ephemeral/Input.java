package io.myelin.engine.ephemeral;

/**
 * Something that a service is told.
 *
 * @param at when it was said, in milliseconds since the epoch, by the clock of whoever said it
 */
public record Input<I>(long at, I value) {}
