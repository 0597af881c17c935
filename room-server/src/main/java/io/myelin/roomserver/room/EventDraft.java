package io.myelin.roomserver.room;

import io.myelin.contracts.room.PolicyCheck;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An event that is to be made; the room adds what follows from its place in the graph.
 *
 * @param stateKey null for an event that is not state
 * @param timestamp milliseconds since the epoch; null for the moment of the decision
 * @param sticky for how many milliseconds it is sticky; null if it is not
 * @param policy what its writer does about the room's policy server; null if nothing
 */
public record EventDraft(
        UserId sender,
        String type,
        @Nullable String stateKey,
        JsonObject content,
        @Nullable EventId redacts,
        @Nullable Long timestamp,
        @Nullable Long sticky,
        @Nullable PolicyCheck policy) {

    public static EventDraft state(UserId sender, String type, String stateKey, JsonObject content) {
        return new EventDraft(sender, type, stateKey, content, null, null, null, null);
    }
}
