package io.myelin.contracts.presence;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.EntityMessage;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/** A signal to presence-server about a user. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = PresenceInput.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = PresenceInput.SetPresence.class, name = "set"),
    @JsonSubTypes.Type(value = PresenceInput.Syncing.class, name = "syncing"),
    @JsonSubTypes.Type(value = PresenceInput.SyncingEnded.class, name = "syncing-ended"),
})
public sealed interface PresenceInput extends EntityMessage {

    UserId user();

    @Override
    default String entity() {
        return user().value();
    }

    /** @param statusMessage null for none; the former message is deleted */
    record SetPresence(
            UserId user, PresenceState presence, @Nullable String statusMessage) implements PresenceInput {}

    /**
     * A device begins to sync, or still syncs. A reader sends this at the beginning and then at most every 25 s.
     *
     * @param presence its {@code set_presence}; {@code OFFLINE} is not sent
     * @param at milliseconds since the epoch
     */
    record Syncing(UserId user, String device, PresenceState presence, long at) implements PresenceInput {}

    /** A device has not synced for a while, by the clock of the reader that served it, or was logged out. */
    record SyncingEnded(UserId user, String device, long at) implements PresenceInput {}

    /** A signal of a later release; it is skipped. */
    record Unknown(UserId user) implements PresenceInput {}
}
