package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What the writer of a command does about the policy server of the command's room. room-server asks no other server, so it
 * answers a command whose event needs a signature with {@link RoomAnswer.PolicySignatureNeeded}; the writer has the event
 * signed, and sends the command again with it. Without a check the command is from a writer of an earlier release, which
 * cannot do that, and is decided as if the room had no policy server. Server-server API, "Policy Servers".
 *
 * @param event the drafted event with the policy server's signature, as canonical JSON; null if none has been asked for yet
 * @param state the name of the state that it was drafted on
 */
public record PolicyCheck(
        @JsonInclude(JsonInclude.Include.NON_NULL) byte @Nullable [] event, long state) {

    /** The writer asks for a signature if one is needed. */
    public static final PolicyCheck ASKS = new PolicyCheck(null, 0);
}
