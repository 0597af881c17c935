package io.myelin.accountserver.todevice;

import io.myelin.contracts.account.ToDeviceCommand.ToDeviceMessage;
import io.myelin.matrix.id.UserId;
import java.util.List;

/** Sends messages to devices of other servers. Server-server API, "Send-to-device messaging". */
@FunctionalInterface
public interface RemoteDevices {
    /** Drops all messages, as long as there is no federation. */
    RemoteDevices NONE = (_, _, _, _) -> {};

    /**
     * Sends messages, or keeps them until their servers can be reached, before it returns.
     *
     * @param transaction 16 bytes that name what is sent; the same messages are sent once
     */
    void send(UserId sender, String type, List<ToDeviceMessage> messages, byte[] transaction);
}
