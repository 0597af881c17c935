package io.myelin.clientsync.sync;

import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.account.ToDeviceInboxes.InboxMessage;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;

/** The parts of one answer, as they are gathered. */
final class SyncSections {
    final List<RoomSection> join = new ArrayList<>();
    final List<RoomSection> leave = new ArrayList<>();
    final List<StrippedSection> invite = new ArrayList<>();
    final List<StrippedSection> knock = new ArrayList<>();
    final List<AccountDatum> accountData = new ArrayList<>();

    final List<UserPresence> presence = new ArrayList<>();
    final List<InboxMessage> toDevice = new ArrayList<>();

    final List<UserId> devicesChanged = new ArrayList<>();
    final List<UserId> devicesLeft = new ArrayList<>();

    boolean isEmpty() {
        return join.isEmpty()
                && leave.isEmpty()
                && invite.isEmpty()
                && knock.isEmpty()
                && accountData.isEmpty()
                && presence.isEmpty()
                && toDevice.isEmpty()
                && devicesChanged.isEmpty()
                && devicesLeft.isEmpty();
    }
}
