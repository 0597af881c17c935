package io.myelin.clientsync.sync;

import io.myelin.contracts.account.ToDeviceInboxes.InboxMessage;
import io.myelin.engine.Committed;
import java.util.List;

/**
 * The to-device messages of one answer.
 *
 * @param next up to which message the device has been sent all, with this answer
 */
record ToDeviceCut(Committed next, List<InboxMessage> messages) {}
