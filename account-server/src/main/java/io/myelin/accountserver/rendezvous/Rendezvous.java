package io.myelin.accountserver.rendezvous;

/**
 * A place where two devices leave texts for each other, by turns. Whoever knows its ID may read and write it.
 *
 * @param data the text that was left last
 * @param token names this state of the place: another is left only by who has seen this one
 * @param modifiedAt milliseconds since the epoch
 * @param expiresAt likewise
 */
public record Rendezvous(String id, String data, String token, long modifiedAt, long expiresAt) {}
