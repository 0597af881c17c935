package io.myelin.clientsync.token;

import io.myelin.engine.ephemeral.Version;

/**
 * Up to where a client has been told of typing in the rooms of a shard.
 *
 * @param shown whether anybody was typing in the client's rooms then
 */
public record TypingPoint(Version version, boolean shown) {
    public static final TypingPoint NONE = new TypingPoint(Version.NONE, false);
}
