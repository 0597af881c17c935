package io.myelin.engine.ephemeral;

/**
 * An input of an ephemeral service.
 *
 * @param at when it was sent, in milliseconds since the epoch, by the sender's clock
 */
public record Input<I>(long at, I value) {}
