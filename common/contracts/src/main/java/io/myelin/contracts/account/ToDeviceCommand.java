package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command about to-device messages. Client-server API, "Send-to-Device messaging". */
public sealed interface ToDeviceCommand extends AccountCommand {

    /** Stands for all devices of a user. */
    String ALL_DEVICES = "*";

    /**
     * The content for one device.
     *
     * @param device its ID, or {@link #ALL_DEVICES}
     * @param content the JSON object
     */
    record ToDeviceMessage(UserId user, String device, byte[] content) {}

    /**
     * Puts messages into the inboxes of devices. A device that does not exist is passed over.
     *
     * @param user a recipient, whose shard decides; all recipients are of this shard
     * @param type of all these messages
     * @param messages at most one for each device; one for a device goes before one for all devices of its user
     * @param transaction 16 bytes that name what is sent: a command with the same bytes sends nothing more; null if it is
     *     not repeated under another command ID
     */
    record SendToDevice(
            UserId user,
            UserId sender,
            String type,
            List<ToDeviceMessage> messages,

            @JsonInclude(JsonInclude.Include.NON_NULL) byte @Nullable [] transaction)
            implements ToDeviceCommand {}

    /**
     * Deletes a device's messages that have arrived at it, or are too old.
     *
     * @param upTo the number of the last of them
     */
    record DropToDevice(UserId user, String device, long upTo) implements ToDeviceCommand {}
}
