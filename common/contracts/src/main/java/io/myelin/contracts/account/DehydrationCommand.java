package io.myelin.contracts.account;

import io.myelin.matrix.id.UserId;

/**
 * A command about a user's dehydrated device: a device that nobody uses, which receives messages while no other device of the
 * user exists. MSC3814.
 */
public sealed interface DehydrationCommand extends AccountCommand {

    /**
     * Makes a dehydrated device in place of the one that was.
     *
     * @param device its token is known to nobody
     * @param data {@code device_data}, a JSON object
     */
    record DehydrateDevice(UserId user, NewDevice device, byte[] data) implements DehydrationCommand {}

    /** Removes the dehydrated device. */
    record RemoveDehydratedDevice(UserId user) implements DehydrationCommand {}
}
