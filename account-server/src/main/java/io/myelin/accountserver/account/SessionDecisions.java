package io.myelin.accountserver.account;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.engine.shard.Decision;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides on the sessions of a user, which are the user's devices. */
final class SessionDecisions {
    private final Supplier<AccountLimits> limits;

    SessionDecisions(Supplier<AccountLimits> limits) {
        this.limits = limits;
    }

    static MatrixError unknownToken() {
        return new MatrixError(401, "M_UNKNOWN_TOKEN", "The refresh token is not known, or it was used already.");
    }

    /**
     * Why no device may have this ID; null if one may. Clients tell a device from a cross-signing key by the ID alone.
     * Client-server API, "Cross-signing".
     */
    static @Nullable MatrixError refusal(UserState.Account account, String device, Outcome outcome) {
        boolean mayBeAKey = device.length() >= CrossSigningDecisions.KEY_CHARACTERS
                && !account.devices().containsKey(device);
        return mayBeAKey && CrossSigningDecisions.isPublicKey(outcome.keys(), device)
                ? new MatrixError(400, "M_FORBIDDEN", "The device ID is one of your cross-signing keys.")
                : null;
    }

    /** A known device keeps its name; its former token is void. */
    UserState.Account begin(UserState.Account before, AccountCommand.NewDevice wanted, Outcome outcome) {
        if (before.devices().containsKey(wanted.device())) {
            return add(before, wanted, outcome, false);
        }
        announceNew(wanted, outcome);
        return add(makeRoom(before, outcome), wanted, outcome, true);
    }

    /** As {@link #begin}, of a new user: nobody shares a room with them who would have to know. */
    static UserState.Account first(UserState.Account before, AccountCommand.NewDevice wanted, Outcome outcome) {
        return add(before, wanted, outcome, false);
    }

    /** As {@link #begin}, of a device that nobody uses: it takes the place of no other. */
    static UserState.Account dehydrated(UserState.Account before, AccountCommand.NewDevice wanted, Outcome outcome) {
        announceNew(wanted, outcome);
        return add(before, wanted, outcome, true);
    }

    /** What an owner of an earlier release may have left of a device of the same ID is deleted. */
    private static void announceNew(AccountCommand.NewDevice wanted, Outcome outcome) {
        outcome.deviceListChanged(List.of(new KeyChange.Row.DeviceKeys(wanted.device(), null)));
    }

    private static UserState.Account add(
            UserState.Account account, AccountCommand.NewDevice wanted, Outcome outcome, boolean isNew) {
        Device known = account.devices().get(wanted.device());
        AccountCommand.RefreshTokens tokens = wanted.tokens();
        Device device = new Device(
                wanted.device(),
                known == null ? wanted.displayName() : known.displayName(),
                wanted.tokenHash(),
                outcome.seq(),
                outcome.now(),
                tokens == null ? 0 : tokens.accessExpiresAt(),
                tokens == null ? null : Refresh.of(tokens.hash(), tokens.expiresAt()));
        return set(account, device, outcome, isNew);
    }

    /**
     * Logs out the devices that logged in longest ago, so that one more fits within the limit. A dehydrated device neither
     * counts nor leaves: it is there for when all others are gone.
     */
    private UserState.Account makeRoom(UserState.Account account, Outcome outcome) {
        int tooMany = account.devices().size() - limits.get().devices() + 1;
        if (tooMany <= 0) {
            return account;
        }
        Device dehydrated = outcome.dehydrated().of(account);
        tooMany -= dehydrated == null ? 0 : 1;
        List<String> leaving = account.devices().values().stream()
                .filter(device -> !device.equals(dehydrated))
                .sorted(Comparator.comparingLong(Device::session))
                .limit(tooMany)
                .map(Device::id)
                .toList();
        return remove(account, leaving, outcome);
    }

    private static UserState.Account set(UserState.Account account, Device device, Outcome outcome) {
        return set(account, device, outcome, false);
    }

    private static UserState.Account set(UserState.Account account, Device device, Outcome outcome, boolean isNew) {
        outcome.add(new AccountChange.DeviceSet(
                new AccountFact.DeviceChanged(
                        account.user(), device.id(), device.displayName(), device.tokenHash(), device.session()),
                device,
                isNew));
        Map<String, Device> devices = new HashMap<>(account.devices());
        devices.put(device.id(), device);
        return account.withDevices(devices);
    }

    static Decision<UserState, AccountChange> logout(
            UserState.Account account, AccountCommand.Logout logout, Outcome outcome) {
        List<String> leaving = logout.devices().isEmpty()
                ? account.devices().keySet().stream()
                        .filter(device -> !device.equals(logout.except()))
                        .toList()
                : logout.devices();
        return outcome.done(remove(account, leaving, outcome));
    }

    static UserState.Account remove(UserState.Account account, List<String> leaving, Outcome outcome) {
        Map<String, Device> devices = new HashMap<>(account.devices());
        for (String device : leaving.stream().sorted().toList()) {
            if (devices.remove(device) != null) {
                outcome.add(new AccountChange.Plain(new AccountFact.DeviceRemoved(account.user(), device)));
                outcome.deviceRemoved(device);
            }
        }
        return account.withDevices(devices);
    }

    /** The session keeps its number: requests that wait for news go on. */
    Decision<UserState, AccountChange> refresh(
            UserState.Account account, AccountCommand.RefreshSession refresh, Outcome outcome) {
        for (Device device : account.devices().values()) {
            Refresh tokens = device.refresh();
            if (tokens != null) {
                switch (tokens.standing(refresh.refreshHash())) {
                    case VALID -> {
                        if (account.locked()) { // Said to nobody but the holder of a valid token.
                            return outcome.refused(new MatrixError(401, "M_USER_LOCKED", "This account is locked."));
                        }
                        return tokens.isOver(outcome.now())
                                ? outcome.refused(unknownToken())
                                : outcome.done(set(account, refreshed(device, tokens, refresh), outcome));
                    }
                    case REPLACED -> {
                        return outcome.doneButRefused(remove(account, List.of(device.id()), outcome), unknownToken());
                    }
                    case FOREIGN -> {}
                }
            }
        }
        return outcome.refused(unknownToken());
    }

    private static Device refreshed(Device device, Refresh tokens, AccountCommand.RefreshSession refresh) {
        return new Device(
                device.id(),
                device.displayName(),
                refresh.tokenHash(),
                device.session(),
                device.loggedInAt(),
                refresh.next().accessExpiresAt(),
                tokens.next(
                        refresh.refreshHash(),
                        refresh.next().hash(),
                        refresh.next().expiresAt()));
    }

    /** The client has got its new tokens, so it has no use for the refresh token before. */
    static Decision<UserState, AccountChange> used(
            UserState.Account account, AccountCommand.UseTokens use, Outcome outcome) {
        for (Device device : account.devices().values()) {
            Refresh tokens = device.refresh();
            if (Arrays.equals(device.tokenHash(), use.tokenHash()) && tokens != null && tokens.isUnused()) {
                return outcome.done(set(account, device.with(tokens.used()), outcome));
            }
        }
        return outcome.unchanged();
    }

    static Decision<UserState, AccountChange> rename(
            UserState.Account account, AccountCommand.RenameDevice rename, Outcome outcome) {
        Device device = account.devices().get(rename.device());
        if (device == null) {
            return outcome.refused(MatrixError.notFound("The user has no such device."));
        }
        if (Objects.equals(device.displayName(), rename.displayName())) {
            return outcome.unchanged();
        }
        outcome.deviceListChanged(List.of());
        return outcome.done(set(account, device.named(rename.displayName()), outcome));
    }
}
