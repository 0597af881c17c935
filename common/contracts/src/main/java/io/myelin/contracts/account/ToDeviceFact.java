package io.myelin.contracts.account;

import io.myelin.matrix.id.UserId;

/**
 * A fact about the inbox of a device. It does not have the message, which readers ask for ({@link ToDeviceInboxes}): only the
 * reader that serves the device needs it.
 */
public sealed interface ToDeviceFact extends AccountFact {

    /** The device has a new message, which has the number of this fact. */
    record ToDeviceArrived(UserId user, String device) implements ToDeviceFact {}

    /**
     * The device's messages up to a number are gone. It has no place in the log: a replay has a hole instead.
     *
     * @param upTo the number of the last of them
     */
    record ToDeviceDropped(UserId user, String device, long upTo) implements ToDeviceFact {}
}
