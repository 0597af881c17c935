package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.myelin.contracts.account.KeyCommand.DeviceKey;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param keys of the device; null from an earlier release, which uploads them by another command
     */
    record DehydrateDevice(
            UserId user,
            NewDevice device,
            byte[] data,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Keys keys) implements DehydrationCommand {}

    /**
     * What a dehydrated device publishes; see {@link KeyCommand.UploadKeys}.
     *
     * @param deviceKeys the JSON object
     */
    record Keys(byte[] deviceKeys, List<DeviceKey> oneTimeKeys, List<DeviceKey> fallbackKeys) {}

    /** Removes the dehydrated device. */
    record RemoveDehydratedDevice(UserId user) implements DehydrationCommand {}
}
