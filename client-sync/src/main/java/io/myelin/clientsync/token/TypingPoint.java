package io.myelin.clientsync.token;

import io.myelin.engine.ephemeral.Version;

/**
 * What a client has been told of who types in the rooms of a shard.
 *
 * @param shown whether it was told of anybody who had not stopped by then
 */
public record TypingPoint(Version version, boolean shown) {
    public static final TypingPoint NONE = new TypingPoint(Version.NONE, false);
}
