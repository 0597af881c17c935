package io.myelin.contracts.account;

import io.myelin.matrix.id.UserId;
import java.util.List;

/**
 * The to-device messages that devices have not got yet. Any instance answers. Readers learn from the log that there are
 * messages ({@link ToDeviceFact}), and ask for them here.
 */
public interface ToDeviceInboxes {

    /**
     * A message.
     *
     * @param seq its number in the shard of its recipient; later messages have higher ones
     * @param content the JSON object
     */
    record InboxMessage(long seq, UserId sender, String type, byte[] content) {}

    /**
     * The oldest messages.
     *
     * @param more whether the device has further ones
     */
    record InboxPage(List<InboxMessage> messages, boolean more) {}

    /**
     * A device's messages after one number and up to another, the oldest first. A page ends at about a megabyte.
     *
     * @param limit how many at most
     */
    InboxPage messages(UserId user, String device, long after, long upTo, int limit);

    /**
     * Deletes the messages up to a number, because the device has them.
     *
     * @return true: they are deleted
     * @throws io.myelin.contracts.Unavailable if it is not known whether they are deleted
     */
    boolean drop(UserId user, String device, long upTo);
}
