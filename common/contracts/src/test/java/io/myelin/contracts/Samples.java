package io.myelin.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.DehydratedDeviceChanged;
import io.myelin.contracts.account.DehydrationCommand;
import io.myelin.contracts.account.InheritRoom;
import io.myelin.contracts.account.KeyAnswer;
import io.myelin.contracts.account.KeyBackupCommand;
import io.myelin.contracts.account.KeyBackupFact;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.KeyFact;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.RoomInherited;
import io.myelin.contracts.account.ToDeviceCommand;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptAnswer;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.room.ClientRequest;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.PolicyCheck;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAdminCommand;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.SentEvent;
import io.myelin.contracts.room.StateEntry;
import io.myelin.contracts.room.StateLinks;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.engine.ephemeral.Version;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Map;

/** One record of each kind that is serialised, with a value in every field, and some with as few values as possible. */
final class Samples {
    private static final UserId ALICE = new UserId("@alice:example.org");
    private static final RoomId ROOM = new RoomId("!room:example.org");
    private static final EventId EVENT = new EventId("$event");
    private static final RoomAlias ALIAS = new RoomAlias("#alias:example.org");
    private static final Position AT = new Position(3, 4, 5);
    private static final Requester REQUESTER = new Requester(ALICE, "DEVICE", "txn");
    private static final MatrixError ERROR = new MatrixError(403, "M_FORBIDDEN", "No.");
    private static final Receipt RECEIPT = new Receipt(ALICE, Receipt.PUBLIC, "main", EVENT, AT, 1_000);
    private static final Profile PROFILE =
            new Profile(ALICE, AT, "Alice", "mxc://example.org/a", Map.of("m.tz", json("\"Europe/Berlin\"")), true);

    static final List<RoomCommand> ROOM_COMMANDS = List.of(
            new RoomCommand.SendEvent(
                    ROOM,
                    REQUESTER,
                    "m.room.topic",
                    "",
                    json("{}"),
                    EVENT,
                    1_000L,
                    PROFILE,
                    60_000L,
                    new PolicyCheck(json("{}"), 7)),
            new RoomCommand.SendEvent(
                    ROOM, new Requester(ALICE, null, null), "m.room.message", null, json("{}"), null, null, null),
            new RoomCommand.ChangeMembership(
                    ROOM,
                    REQUESTER,
                    MembershipAction.JOIN,
                    ALICE,
                    "reason",
                    PROFILE,
                    json("{}"),
                    List.of(new RoomCommand.JoinedElsewhere(ROOM, AT)),
                    new PolicyCheck(json("{}"), 7)),
            createRoom(),
            new RoomCommand.ReplaceRoom(ROOM, EVENT, json("{}"), createRoom()),
            new RoomCommand.ForgetRoom(ROOM, ALICE),
            new RoomCommand.SetDirectoryVisibility(ROOM, ALICE, true),
            new RoomCommand.ClaimAlias(ALIAS, ROOM, ALICE, true, 1_000),
            new RoomCommand.ConfirmAlias(ALIAS, ROOM, ALICE),
            new RoomCommand.MoveAlias(ALIAS, ROOM, ROOM),
            new RoomCommand.DeleteAlias(ALIAS, ALICE, true),
            new RoomCommand.ApplyProfile(3, PROFILE, ROOM),
            new RoomCommand.RefreshMember(ROOM, PROFILE),
            new RoomCommand.ReceivePdus(
                    ROOM,
                    "12",
                    List.of(json("{}")),
                    List.of(new RoomCommand.ServerKey(
                            new ServerName("example.com"), "ed25519:a", new byte[] {1, 2}, 1_000)),
                    Placement.HISTORY,
                    EVENT,
                    Map.of(EVENT, 7L)),
            new RoomCommand.ResolveState(ROOM),
            new RoomCommand.StageState(ROOM, "12", 6, List.of(EVENT)),
            new RoomCommand.PurgeRoom(ROOM, true, List.of(ALIAS), ALICE),
            new RoomAdminCommand.RemoveMember(ROOM, ALICE),
            new RoomAdminCommand.DeletePurgedRows(ROOM, 6, 2),
            new RoomAdminCommand.PurgeHistory(ROOM, EVENT, new ServerName("example.com")),
            new RoomAdminCommand.DeleteHistory(ROOM, 6, 9, 2),
            new RoomAdminCommand.BlockRoom(ROOM, ALICE, true),
            new RoomAdminCommand.ShutDownRoom(
                    ROOM, List.of(ALIAS), new RoomAdminCommand.Shutdown(ROOM, true), ALICE, false),
            new RoomAdminCommand.MoveMember(ROOM, ALICE, ROOM),
            new RoomCommand.PruneRedacted(3, 1_000, 2),
            new RoomCommand.ReleaseAlias(ALIAS, ROOM),
            new RoomCommand.RejectPending(3, PROFILE, ROOM),
            new RoomCommand.RemoveGuests(ROOM, 6, 7, ALICE),
            new RoomCommand.HandOver(ROOM, ALICE, ROOM));

    static final List<RoomFact> ROOM_FACTS = List.of(
            event(),
            message(),
            new RoomFact.RoomForgotten(ROOM, ALICE),
            new RoomFact.DirectoryVisibilityChanged(ROOM, true),
            new RoomFact.AliasChanged(ALIAS, ROOM, ALICE),
            new RoomFact.AliasClaimed(ALIAS, ROOM, ALICE, 1_000),
            new RoomFact.ProfileNoted(ALICE, PROFILE),
            new RoomFact.StateResolved(
                    ROOM, 6, List.of(new RoomFact.StateChange("m.room.member", ALICE.value(), 7, 8, "join"))),
            new RoomFact.StateDifference(ROOM, 6, 8, 7, 1, 2, new byte[] {1, 2}),
            new RoomFact.EventKept(
                    ROOM, "12", EVENT, RoomFact.UnplacedReason.REJECTED_OUTLIER, "m.room.topic", "", 7, 8, 6, 9),
            new RoomFact.HistoryInserted(
                    ROOM, 6, 9, List.of(new RoomFact.InsertedEvent(EVENT, "m.room.message", 8, -1))),
            new RoomFact.BackwardExtremity(ROOM, 6, 8),
            new RoomFact.EarlyRedaction(ROOM, 6, 8, EVENT, true),
            new RoomFact.StateReplaced(ROOM, 6, 8),
            new RoomFact.BodiesPruned(),
            new RoomFact.PurgeBegun(ROOM),
            new RoomFact.RoomPurged(ROOM),
            new RoomFact.PurgedRowsDeleted(ROOM),
            new RoomFact.HistoryPurged(ROOM, 6, 9, -1),
            new RoomFact.RoomAdministered(ROOM));

    static final List<RoomAnswer> ROOM_ANSWERS = List.of(
            new RoomAnswer.EventSent(EVENT, AT, ROOM),
            new RoomAnswer.EventSent(EVENT, AT),
            new RoomAnswer.Done(ROOM, AT),
            new RoomAnswer.ProfileApplied(AT),
            new RoomAnswer.PdusReceived(
                    List.of(
                            new ReceivedPdu.Accepted(EVENT),
                            new ReceivedPdu.SoftFailed(EVENT, "reason"),
                            new ReceivedPdu.Rejected(null, "reason"),
                            new ReceivedPdu.Missing(EVENT, List.of(EVENT)),
                            new ReceivedPdu.Postponed(EVENT)),
                    AT),
            new RoomAnswer.StateStaged(8),
            new RoomAnswer.EventsUnknown(List.of(EVENT)),
            new RoomAnswer.RedactedPruned(AT),
            new RoomAnswer.PolicySignatureNeeded(
                    new ServerName("policy.example.org"), new byte[32], "12", EVENT, json("{}"), 7),
            new RoomAnswer.Refused(ERROR));

    static final List<AccountCommand> ACCOUNT_COMMANDS = List.of(
            new AccountCommand.Register(ALICE, "hash", device(), true, true, "Alice"),
            new AccountCommand.Login(ALICE, "hash", device()),
            new AccountCommand.BeginSession(ALICE, device()),
            new AccountCommand.RefreshSession(ALICE, new byte[] {1}, new byte[] {2}, refresh()),
            new AccountCommand.UpgradeGuest(ALICE, "hash", refreshable()),
            new AccountCommand.Restrict(ALICE, true, null),
            new AccountCommand.SetAdmin(ALICE, true),
            new AccountCommand.UseTokens(ALICE, new byte[] {1, 2}),
            new AccountCommand.Logout(ALICE, List.of("DEVICE"), "OTHER"),
            new AccountCommand.ChangePassword(ALICE, "hash", "DEVICE"),
            new AccountCommand.Deactivate(ALICE, true),
            new AccountCommand.RenameDevice(ALICE, "DEVICE", "Phone"),
            new AccountCommand.SetProfileField(ALICE, "displayname", json("\"Alice\"")),
            new AccountCommand.SetAccountData(ALICE, ROOM, "m.tag", json("{}")),
            new AccountCommand.SetTag(ALICE, ROOM, "u.work", json("{}")),
            new AccountCommand.CreateFilter(ALICE, json("{}")),
            new AccountCommand.SpendNonce(ALICE, "spender"),
            new ToDeviceCommand.SendToDevice(
                    ALICE,
                    ALICE,
                    "m.room_key",
                    List.of(new ToDeviceCommand.ToDeviceMessage(ALICE, "DEVICE", json("{}"))),
                    new byte[16]),
            new ToDeviceCommand.SendToDevice(ALICE, ALICE, "m.dummy", List.of(), null),
            new ToDeviceCommand.DropToDevice(ALICE, "DEVICE", 7),
            new KeyBackupCommand.CreateKeyBackup(ALICE, "m.megolm_backup.v1", json("{}")),
            new KeyBackupCommand.UpdateKeyBackup(ALICE, 1, "m.megolm_backup.v1", json("{}")),
            new KeyBackupCommand.DeleteKeyBackup(ALICE, 1),
            new KeyBackupCommand.AddBackupKeys(
                    ALICE,
                    1,
                    List.of(new KeyBackupCommand.BackedUpKey(ROOM.value(), "session", 1, 2, true, json("{}")))),
            new KeyBackupCommand.DeleteBackupKeys(ALICE, 1, ROOM.value(), "session"),
            new KeyBackupCommand.DeleteBackupKeys(ALICE, 1, null, null),
            new DehydrationCommand.DehydrateDevice(
                    ALICE, new AccountCommand.NewDevice("DEVICE", "name", new byte[32]), json("{}"), null),
            new DehydrationCommand.DehydrateDevice(
                    ALICE,
                    new AccountCommand.NewDevice("DEVICE", "name", new byte[32]),
                    json("{}"),
                    new DehydrationCommand.Keys(json("{}"), List.of(key()), List.of(key()))),
            new DehydrationCommand.RemoveDehydratedDevice(ALICE),
            new InheritRoom(ALICE, ROOM, ROOM),
            new KeyCommand.UploadKeys(ALICE, "DEVICE", json("{}"), List.of(key()), List.of(key())),
            new KeyCommand.UploadKeys(ALICE, "DEVICE", null, List.of(), List.of()),
            new KeyCommand.ClaimKeys(ALICE, List.of(new KeyCommand.Claim(ALICE, "DEVICE", "signed_curve25519"))),
            new KeyCommand.SetCrossSigningKeys(ALICE, json("{}"), json("{}"), json("{}"), true),
            new KeyCommand.SetCrossSigningKeys(ALICE, null, null, null, false),
            new KeyCommand.AddSignatures(
                    ALICE,
                    List.of(new KeyCommand.SignedKey(
                            ALICE,
                            "DEVICE",
                            json("{}"),
                            List.of(new KeyCommand.KeySignature("ed25519:key", "key", "signature"))))));

    static final List<AccountFact> ACCOUNT_FACTS = List.of(
            new AccountFact.AccountRegistered(ALICE, true, true),
            new AccountFact.AccountDeactivated(ALICE, true),
            new AccountFact.AccountRestricted(ALICE, true, false),
            new AccountFact.PasswordChanged(ALICE),
            new AccountFact.DeviceChanged(ALICE, "DEVICE", "Phone", new byte[] {1, 2}, 7),
            new AccountFact.DeviceRemoved(ALICE, "DEVICE"),
            new AccountFact.ProfileChanged(ALICE, PROFILE),
            new AccountFact.AccountDataChanged(ALICE, ROOM, "m.tag", json("{}")),
            new AccountFact.FilterCreated(ALICE, "filter"),
            new ToDeviceFact.ToDeviceArrived(ALICE, "DEVICE"),
            new ToDeviceFact.ToDeviceDropped(ALICE, "DEVICE", 7),
            new KeyBackupFact(ALICE, 1, 2),
            new DehydratedDeviceChanged(ALICE, "DEVICE"),
            new DehydratedDeviceChanged(ALICE, null),
            new RoomInherited(ALICE, ROOM, ROOM),
            new KeyFact.DeviceListChanged(ALICE),
            new KeyFact.UserSigned(ALICE, new UserId("@bob:example.org")),
            new KeyFact.KeyCountsChanged(
                    ALICE, "DEVICE", Map.of("signed_curve25519", 50), List.of("signed_curve25519")));

    static final List<AccountAnswer> ACCOUNT_ANSWERS = List.of(
            new AccountAnswer.Done(AT),
            new AccountAnswer.FilterStored(AT, "filter"),
            new AccountAnswer.NonceSpent("spender"),
            new AccountAnswer.KeyBackupChanged(AT, 1, 2, 3),
            new AccountAnswer.WrongKeyBackup(2),
            new AccountAnswer.Refused(ERROR),
            new KeyAnswer.KeysStored(AT, Map.of("signed_curve25519", 50)),
            new KeyAnswer.KeysClaimed(
                    AT, List.of(new KeyAnswer.ClaimedKey(ALICE, "DEVICE", "signed_curve25519", "AAAA", json("{}")))),
            new KeyAnswer.ProofNeeded(AT),
            new KeyAnswer.SignaturesAdded(AT, List.of(new KeyAnswer.SignatureFailure(ALICE, "DEVICE", ERROR))));

    static final List<ReceiptCommand> RECEIPT_COMMANDS = List.of(
            new ReceiptCommand.SetReceipts(ROOM, List.of(RECEIPT)),
            new ReceiptCommand.DropReceipts(ROOM, List.of(ALICE)));

    static final List<ReceiptFact> RECEIPT_FACTS =
            List.of(new ReceiptFact.ReceiptMoved(ROOM, RECEIPT), new ReceiptFact.ReceiptsDropped(ROOM, ALICE));

    static final List<ReceiptAnswer> RECEIPT_ANSWERS =
            List.of(new ReceiptAnswer.Done(AT), new ReceiptAnswer.Refused(ERROR));

    static final List<PresenceInput> PRESENCE_INPUTS = List.of(
            new PresenceInput.SetPresence(ALICE, PresenceState.ONLINE, "here"),
            new PresenceInput.Syncing(ALICE, "DEVICE", PresenceState.UNAVAILABLE, 1_000),
            new PresenceInput.SyncingEnded(ALICE, "DEVICE", 1_000));

    static final List<UserPresence> PRESENCES =
            List.of(new UserPresence(ALICE, PresenceState.ONLINE, 1_000, true, "here"));

    static final List<SetTyping> SET_TYPING = List.of(new SetTyping(ROOM, ALICE, 1_000));

    static final List<RoomTyping> TYPING = List.of(new RoomTyping(ROOM, List.of(ALICE)));

    static final List<StoredEvent> STORED_EVENTS = List.of(
            new StoredEvent(7, -1, event(), message(), json("{}"), ALICE), new StoredEvent(7, message(), null, null));

    static final List<Version> VERSIONS = List.of(new Version(1L << 40 | 7, 42));

    private Samples() {}

    private static byte[] json(String text) {
        return text.getBytes(UTF_8);
    }

    private static KeyCommand.DeviceKey key() {
        return new KeyCommand.DeviceKey("signed_curve25519", "AAAA", json("{}"));
    }

    private static AccountCommand.NewDevice refreshable() {
        return new AccountCommand.NewDevice("DEVICE", "Phone", new byte[] {1, 2}, refresh());
    }

    private static AccountCommand.RefreshTokens refresh() {
        return new AccountCommand.RefreshTokens(1_000, new byte[] {3}, 2_000);
    }

    private static AccountCommand.NewDevice device() {
        return new AccountCommand.NewDevice("DEVICE", "Phone", new byte[] {1, 2});
    }

    private static RoomCommand.CreateRoom createRoom() {
        return new RoomCommand.CreateRoom(
                ROOM,
                REQUESTER,
                PROFILE,
                "12",
                json("{}"),
                1_000,
                "private_chat",
                true,
                true,
                ALIAS,
                "name",
                "topic",
                json("{}"),
                List.of(new StateEntry("m.room.topic", "", json("{}"))),
                List.of(new RoomCommand.Invitee(ALICE, PROFILE)));
    }

    private static RoomFact.RoomEvent event() {
        return new RoomFact.RoomEvent(
                ROOM,
                "12",
                new SentEvent(EVENT, "m.room.topic", "", ALICE, 1_000, json("{\"content\":{}}")),
                new ClientRequest("DEVICE", "txn"),
                new StateLinks(6, 9, 7, 8, true, true),
                EVENT,
                new RoomFact.RedactedBy(10, EVENT, json("{}")));
    }

    private static RoomFact.RoomEvent message() {
        return new RoomFact.RoomEvent(
                ROOM,
                "12",
                new SentEvent(EVENT, "m.room.message", null, ALICE, 1_000, json("{}")),
                new StateLinks(6, 0, 8));
    }
}
