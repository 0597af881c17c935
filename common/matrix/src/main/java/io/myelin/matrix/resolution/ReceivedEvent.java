package io.myelin.matrix.resolution;

import io.myelin.matrix.event.Pdu;

/**
 * An event as resolution reads it.
 *
 * @param wasRejected whether it failed the rules in the state it was sent in. Such an event may still be resolved into a
 *     state, but as an auth event it permits no other. An event that fails by its own auth events is in no state, so
 *     resolution never sees it. Room versions, "Rejected events"
 */
public record ReceivedEvent(Pdu event, boolean wasRejected) {}
