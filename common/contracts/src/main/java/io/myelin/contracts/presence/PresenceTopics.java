package io.myelin.contracts.presence;

/** The topics of presence-server. Nobody waits for an answer to what goes in. */
public final class PresenceTopics {

    /** {@link PresenceInput}s that clients asked for; partition = shard of the user. */
    public static final String INPUT = "presence.input";

    /** {@link PresenceInput}s of client-sync; partition = shard of the user. */
    public static final String ACTIVITY = "sync.activity";

    /** {@link UserPresence}; partition = shard of the user. */
    public static final String OUTPUT = "presence.output";

    private PresenceTopics() {}
}
