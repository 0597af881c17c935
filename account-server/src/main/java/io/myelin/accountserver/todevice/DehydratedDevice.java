package io.myelin.accountserver.todevice;

/**
 * A device that nobody uses, and that receives messages for its user. MSC3814.
 *
 * @param data {@code device_data}, a JSON object
 */
public record DehydratedDevice(String device, byte[] data) {}
