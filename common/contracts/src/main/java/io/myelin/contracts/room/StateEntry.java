package io.myelin.contracts.room;

/**
 * A state event that a client asks for.
 *
 * @param content a JSON object
 */
public record StateEntry(String type, String stateKey, byte[] content) {}
