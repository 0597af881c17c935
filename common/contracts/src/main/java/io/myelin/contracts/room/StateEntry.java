package io.myelin.contracts.room;

/**
 * A piece of state that somebody wants set.
 *
 * @param content a JSON object
 */
public record StateEntry(String type, String stateKey, byte[] content) {}
