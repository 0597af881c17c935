package io.myelin.accountserver.account;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.DehydrationCommand;
import io.myelin.contracts.account.InheritRoom;
import io.myelin.contracts.account.KeyBackupCommand;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.ToDeviceCommand;
import io.myelin.engine.shard.Decider;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides all commands about users. It only compares password hashes: the caller has checked and hashed the password
 * before.
 */
public final class AccountDecider implements Decider<UserState, AccountCommand, AccountChange> {
    private final int roomShards;
    private final DataDecisions data;
    private final SessionDecisions sessions;

    /**
     * @param roomShards how many shards of room-server are told of a changed profile
     * @param limits what each user may keep; asked for each command
     */
    public AccountDecider(int roomShards, Supplier<AccountLimits> limits) {
        this.roomShards = roomShards;
        this.data = new DataDecisions(limits);
        this.sessions = new SessionDecisions(limits);
    }

    @Override
    public List<String> keys(AccountCommand command) {
        return EntityKey.allOf(command).stream().map(EntityKey::text).toList();
    }

    @Override
    public long weight(UserState state) {
        return state.weight();
    }

    @Override
    public boolean understands(AccountCommand command) {
        return !(command instanceof AccountCommand.Unknown);
    }

    @Override
    public byte[] failed(String reason) {
        return Cbor.encode(
                new AccountAnswer.Refused(new MatrixError(500, "M_UNKNOWN", "The server could not carry this out.")));
    }

    @Override
    public Decision<UserState, AccountChange> decide(
            Entities<UserState> entities, AccountCommand command, Moment moment) {
        if (command instanceof ToDeviceCommand toDevice) {
            return ToDeviceDecisions.decide(entities, toDevice, moment);
        }
        if (command instanceof KeyBackupCommand backup) {
            return BackupDecisions.decide(entities, backup, moment);
        }
        EntityKey key = EntityKey.of(command);
        UserState state = entities.get(key.text());
        var outcome = new Outcome(key, moment, entities);
        return switch (command) {
            case AccountCommand.Register register -> register(state, register, outcome);
            case AccountCommand.SetAccountData set -> data.set(state, usage(entities, set), set, outcome);
            case AccountCommand.SetTag tag -> data.tag((UserState.Tags) state, usage(entities, tag), tag, outcome);
            case AccountCommand.CreateFilter filter ->
                data.filter((UserState.Filter) state, usage(entities, filter), filter, outcome);
            case DehydrationCommand dehydration ->
                state instanceof UserState.Account account && !account.deactivated()
                        ? DehydrationDecisions.decide(entities, account, dehydration, outcome)
                        : outcome.noSuchUser();
            case ToDeviceCommand _, KeyBackupCommand _ -> throw new IllegalStateException("It was decided above.");
            case AccountCommand.SpendNonce spend ->
                Decision.unchanged(Cbor.encode(new AccountAnswer.NonceSpent(spend.spender())));
            case AccountCommand.Login login -> login(state, login, outcome);
            case AccountCommand.BeginSession session ->
                state instanceof UserState.Account account && !account.deactivated()
                        ? begin(account, session.device(), outcome)
                        : outcome.noSuchUser();
            case AccountCommand.RefreshSession refresh ->
                state instanceof UserState.Account account && !account.deactivated()
                        ? sessions.refresh(account, refresh, outcome)
                        : outcome.refused(SessionDecisions.unknownToken());
            case AccountCommand.UseTokens use ->
                state instanceof UserState.Account account
                        ? SessionDecisions.used(account, use, outcome)
                        : outcome.noSuchUser();
            case AccountCommand.UpgradeGuest upgrade ->
                state instanceof UserState.Account account ? upgrade(account, upgrade, outcome) : outcome.noSuchUser();
            case AccountCommand.Restrict restrict ->
                state instanceof UserState.Account account && !account.deactivated()
                        ? restrict(account, restrict, outcome)
                        : outcome.noSuchUser();
            case AccountCommand.SetAdmin set ->
                state instanceof UserState.Account account && !account.deactivated() && !account.guest()
                        ? setAdmin(account, set.admin(), outcome)
                        : outcome.noSuchUser();
            case AccountCommand.Logout logout ->
                state instanceof UserState.Account account
                        ? SessionDecisions.logout(account, logout, outcome)
                        : outcome.noSuchUser();
            case AccountCommand.ChangePassword change ->
                state instanceof UserState.Account account && !account.deactivated()
                        ? changePassword(account, change, outcome)
                        : outcome.noSuchUser();
            case AccountCommand.Deactivate deactivate ->
                state instanceof UserState.Account account
                        ? deactivate(entities, account, deactivate, outcome)
                        : outcome.noSuchUser();
            case AccountCommand.RenameDevice rename ->
                state instanceof UserState.Account account
                        ? SessionDecisions.rename(account, rename, outcome)
                        : outcome.noSuchUser();
            case AccountCommand.SetProfileField field ->
                state instanceof UserState.Account account && !account.deactivated()
                        ? setProfileField(account, field, outcome)
                        : outcome.noSuchUser();
            case KeyCommand keys -> KeyDecisions.decide(entities, keys, outcome);
            case InheritRoom inherit -> InheritanceDecisions.decide(entities, inherit, data, outcome);
            case AccountCommand.Unknown _ ->
                outcome.refused(new MatrixError(400, "M_UNRECOGNIZED", "This version of the server cannot do that."));
        };
    }

    private static UserState.Usage usage(Entities<UserState> entities, AccountCommand command) {
        return (UserState.Usage) entities.get(new EntityKey.OfData(command.user()).text());
    }

    private Decision<UserState, AccountChange> register(
            UserState state, AccountCommand.Register register, Outcome outcome) {
        if (!(state instanceof UserState.Unregistered)) {
            return outcome.refused(new MatrixError(400, "M_USER_IN_USE", "The user ID is already taken."));
        }
        var user = register.user();
        var account = new UserState.Account(
                user,
                register.passwordHash(),
                register.admin(),
                register.guest(),
                false,
                false,
                false,
                false,
                outcome.now(),
                Map.of(),
                Profile.empty(user, outcome.position()));
        outcome.add(new AccountChange.AccountSet(
                new AccountFact.AccountRegistered(user, register.admin(), register.guest()), account));
        if (register.displayName() != null) {
            Profile profile = ProfileRules.named(account.profile(), outcome.position(), register.displayName());
            account = account.withProfile(profile);
            outcome.add(new AccountChange.Plain(new AccountFact.ProfileChanged(user, profile)));
        }
        if (register.device() != null) {
            account = SessionDecisions.first(account, register.device(), outcome);
        }
        return outcome.done(account);
    }

    private Decision<UserState, AccountChange> login(UserState state, AccountCommand.Login login, Outcome outcome) {
        if (!(state instanceof UserState.Account account)) {
            return outcome.refused(MatrixError.forbidden("The user name or the password is wrong."));
        }
        if (account.deactivated()) { // A deactivated account has no password any more, so no login can have proven it.
            return outcome.refused(MatrixError.forbidden("The user name or the password is wrong."));
        }
        // A login without a hash was not checked against any password.
        if (login.passwordHash() == null || !login.passwordHash().equals(account.passwordHash())) {
            return outcome.refused(MatrixError.forbidden("The user name or the password is wrong."));
        }
        return begin(account, login.device(), outcome);
    }

    private Decision<UserState, AccountChange> begin(
            UserState.Account account, AccountCommand.NewDevice device, Outcome outcome) {
        MatrixError refusal = SessionDecisions.refusal(account, device.device(), outcome);
        return refusal == null ? outcome.done(sessions.begin(account, device, outcome)) : outcome.refused(refusal);
    }

    private static Decision<UserState, AccountChange> changePassword(
            UserState.Account account, AccountCommand.ChangePassword change, Outcome outcome) {
        UserState.Account changed = account.withPassword(change.passwordHash());
        outcome.add(new AccountChange.AccountSet(new AccountFact.PasswordChanged(account.user()), changed));
        if (change.logoutExcept() != null) {
            List<String> others = account.devices().keySet().stream()
                    .filter(device -> !device.equals(change.logoutExcept()))
                    .toList();
            changed = SessionDecisions.remove(changed, others, outcome);
        }
        return outcome.done(changed);
    }

    private Decision<UserState, AccountChange> deactivate(
            Entities<UserState> entities,
            UserState.Account account,
            AccountCommand.Deactivate deactivate,
            Outcome outcome) {
        boolean isErasedAnew = deactivate.erase() && !account.erased();
        if (account.deactivated() && !isErasedAnew) {
            return outcome.unchanged();
        }
        UserState.Account closed = account.closed(deactivate.erase());
        outcome.add(new AccountChange.AccountSet(
                new AccountFact.AccountDeactivated(account.user(), closed.erased()), closed));
        outcome.accountClosed();
        closed = SessionDecisions.remove(closed, List.copyOf(account.devices().keySet()), outcome);
        Profile profile = ProfileRules.closed(account.profile(), outcome.position(), deactivate.erase());
        closed = closed.withProfile(profile);
        outcome.add(new AccountChange.Plain(new AccountFact.ProfileChanged(account.user(), profile)));
        outcome.tellRooms(profile, roomShards);
        Map<String, UserState> states = new HashMap<>(BackupDecisions.deleteAll(entities, account.user(), outcome));
        states.putAll(DehydrationDecisions.forget(entities, account.user(), outcome));
        states.put(new EntityKey.OfUser(account.user()).text(), closed);
        return outcome.done(states);
    }

    /** The sessions of the guest end, so that no cache takes the user for a guest. */
    private Decision<UserState, AccountChange> upgrade(
            UserState.Account account, AccountCommand.UpgradeGuest upgrade, Outcome outcome) {
        if (!account.guest() || account.deactivated()) {
            return outcome.refused(MatrixError.forbidden("Only a guest can become an ordinary user."));
        }
        MatrixError refusal = upgrade.device() == null
                ? null
                : SessionDecisions.refusal(account, upgrade.device().device(), outcome);
        if (refusal != null) {
            return outcome.refused(refusal);
        }
        UserState.Account upgraded = account.upgraded(upgrade.passwordHash());
        outcome.add(new AccountChange.AccountSet(
                new AccountFact.AccountRegistered(account.user(), account.admin(), false), upgraded));
        upgraded =
                SessionDecisions.remove(upgraded, List.copyOf(account.devices().keySet()), outcome);
        if (upgrade.device() != null) {
            upgraded = sessions.begin(upgraded, upgrade.device(), outcome);
        }
        return outcome.done(upgraded);
    }

    private static Decision<UserState, AccountChange> restrict(
            UserState.Account account, AccountCommand.Restrict restrict, Outcome outcome) {
        boolean locked = restrict.locked() == null ? account.locked() : restrict.locked();
        boolean suspended = restrict.suspended() == null ? account.suspended() : restrict.suspended();
        if (locked == account.locked() && suspended == account.suspended()) {
            return outcome.unchanged();
        }
        UserState.Account restricted = account.restricted(locked, suspended);
        outcome.add(new AccountChange.AccountSet(
                new AccountFact.AccountRestricted(account.user(), locked, suspended), restricted));
        return outcome.done(restricted);
    }

    private static Decision<UserState, AccountChange> setAdmin(
            UserState.Account account, boolean admin, Outcome outcome) {
        if (admin == account.admin()) {
            return outcome.unchanged();
        }
        UserState.Account changed = account.withAdmin(admin);
        outcome.add(new AccountChange.AccountSet(
                new AccountFact.AccountRegistered(account.user(), admin, account.guest()), changed));
        return outcome.done(changed);
    }

    private Decision<UserState, AccountChange> setProfileField(
            UserState.Account account, AccountCommand.SetProfileField change, Outcome outcome) {
        Profile before = account.profile();
        if (isSame(ProfileRules.field(before, change.field()), change.value())) {
            return outcome.unchanged();
        }
        Profile after = ProfileRules.with(before, outcome.position(), change.field(), change.value());
        if (ProfileRules.isTooLarge(after)) {
            return outcome.refused(new MatrixError(
                    400, "M_PROFILE_TOO_LARGE", "A profile has less than " + ProfileRules.MAX_BYTES + " bytes."));
        }
        outcome.add(new AccountChange.Plain(new AccountFact.ProfileChanged(account.user(), after)));
        if (ProfileRules.isShownInRooms(change.field())) {
            outcome.tellRooms(after, roomShards);
        }
        return outcome.done(account.withProfile(after));
    }

    private static boolean isSame(byte @Nullable [] a, byte @Nullable [] b) {
        return Arrays.equals(a, b);
    }
}
