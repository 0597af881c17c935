package io.myelin.server.service;

/**
 * A request to the public port of a server, with a user's access token.
 *
 * @param method such as {@code GET}
 * @param path {@code {user}}, {@code {room}} and {@code {event}} stand for the user's id, that of a room in which the user
 *     is, and that of the room's newest message
 * @param body empty for none
 */
public record Probe(String method, String path, String body) {

    public static Probe get(String path) {
        return new Probe("GET", path, "");
    }
}
