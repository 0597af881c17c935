package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.AccountShard;
import io.myelin.clientsync.cache.Inboxes.Inbox;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.account.ToDeviceInboxes;
import io.myelin.contracts.account.ToDeviceInboxes.InboxPage;
import io.myelin.engine.Committed;
import java.util.List;

/**
 * Takes a device's to-device messages. They stay in its inbox until it comes with a token that includes them; so a repeated
 * request gets them again. Client-server API, "Send-to-Device messaging".
 */
final class ToDeviceCuts {
    /** The most messages in one answer. The next request is answered at once with the next ones. */
    private static final int MOST = 100;

    private final ToDeviceInboxes inboxes;
    private final DeliveredMessages delivered;

    ToDeviceCuts(ToDeviceInboxes inboxes, DeliveredMessages delivered) {
        this.inboxes = inboxes;
        this.delivered = delivered;
    }

    /** What the device is sent of the inbox as of the cut's position. */
    ToDeviceCut take(SyncRequest request, AccountShard.Cut account) {
        SyncToken since = request.since();
        Committed told = since == null ? SyncToken.NOWHERE : since.toDevice();
        String device = request.session().device();
        if (device == null || request.style() != AnswerStyle.SYNC) {
            return new ToDeviceCut(told, List.of());
        }
        Committed position = account.position();
        Inbox inbox = account.inboxes().of(device, position.seq()).orElse(null);
        if (inbox == null) {
            return new ToDeviceCut(told, List.of());
        }
        // A component of another incarnation, or of the time after a restored backup, says nothing.
        boolean isValid = told.incarnation() == position.incarnation() && told.seq() <= position.seq();
        long after = isValid ? told.seq() : 0;
        if (after > inbox.before()) {
            delivered.upTo(request.user(), device, Math.min(after, inbox.newest()));
        }
        if (after >= inbox.newest()) {
            return new ToDeviceCut(told, List.of());
        }
        InboxPage page = inboxes.messages(request.user(), device, after, position.seq(), MOST);
        long sent = page.more() ? page.messages().getLast().seq() : inbox.newest();
        return new ToDeviceCut(new Committed(position.incarnation(), sent), page.messages());
    }
}
