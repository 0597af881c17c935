package io.myelin.matrix.resolution;

import io.myelin.matrix.event.Pdu;

/**
 * An event as resolution reads it.
 *
 * @param wasRejected whether it failed the rules when it came in. Such an event may still be resolved into a state, but it
 *     permits no other as an auth event. Room versions, "Rejected events"
 */
public record ReceivedEvent(Pdu event, boolean wasRejected) {}
