package io.myelin.accountserver.account;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.DehydratedDeviceChanged;
import io.myelin.contracts.account.DehydrationCommand;
import io.myelin.contracts.account.DehydrationCommand.DehydrateDevice;
import io.myelin.contracts.account.DehydrationCommand.RemoveDehydratedDevice;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides on the dehydrated device of a user, of which there is at most one. MSC3814. */
final class DehydrationDecisions {

    private DehydrationDecisions() {}

    static Decision<UserState, AccountChange> decide(
            Entities<UserState> entities, UserState.Account account, DehydrationCommand command, Outcome outcome) {
        UserState.Dehydrated known = outcome.dehydrated();
        Device before = known.of(account);
        return switch (command) {
            case RemoveDehydratedDevice _ ->
                before == null
                        ? outcome.unchanged()
                        : outcome.done(SessionDecisions.remove(account, List.of(before.id()), outcome));
            case DehydrateDevice dehydrate -> {
                String id = dehydrate.device().device();
                boolean isRepeated = before != null
                        && before.id().equals(id)
                        && known.dataHash().equals(UserState.Dehydrated.hash(dehydrate.data()));
                // If the request is repeated the device stays as it is: it may have messages, and keys that were
                // claimed.
                yield isRepeated
                        ? withKeys(
                                dehydrate,
                                oneTimeKeys(entities, account.user(), id),
                                outcome.keys(),
                                new HashMap<>(),
                                outcome)
                        : replace(account, before, dehydrate, outcome);
            }
        };
    }

    private static OneTimeKeys oneTimeKeys(Entities<UserState> entities, UserId user, String device) {
        return (OneTimeKeys) entities.get(new EntityKey.OfOneTimeKeys(user, device).text());
    }

    private static Decision<UserState, AccountChange> replace(
            UserState.Account account, @Nullable Device before, DehydrateDevice dehydrate, Outcome outcome) {
        String id = dehydrate.device().device();
        UserState.Account changed =
                before == null ? account : SessionDecisions.remove(account, List.of(before.id()), outcome);
        if (changed.devices().containsKey(id)) {
            return outcome.refused(new MatrixError(400, "M_INVALID_PARAM", "The user has another device of this ID."));
        }
        MatrixError refusal = SessionDecisions.refusal(changed, id, outcome);
        if (refusal != null) {
            return outcome.refused(refusal);
        }
        changed = SessionDecisions.dehydrated(changed, dehydrate.device(), outcome);
        long session = Objects.requireNonNull(changed.devices().get(id)).session();
        outcome.add(new AccountChange.DehydratedSet(
                new DehydratedDeviceChanged(account.user(), id), dehydrate.data(), session));
        Map<String, UserState> states = new HashMap<>();
        states.put(new EntityKey.OfUser(account.user()).text(), changed);
        states.put(
                new EntityKey.OfDehydrated(account.user()).text(),
                new UserState.Dehydrated(id, session, UserState.Dehydrated.hash(dehydrate.data())));
        return withKeys(dehydrate, OneTimeKeys.NONE, outcome.keys().withDevice(id, null), states, outcome);
    }

    /** @param states what has changed so far */
    private static Decision<UserState, AccountChange> withKeys(
            DehydrateDevice dehydrate,
            OneTimeKeys oneTimeKeys,
            UserKeys keys,
            Map<String, UserState> states,
            Outcome outcome) {
        DehydrationCommand.Keys wanted = dehydrate.keys();
        if (wanted != null) {
            var upload = new KeyCommand.UploadKeys(
                    dehydrate.user(),
                    dehydrate.device().device(),
                    wanted.deviceKeys(),
                    wanted.oneTimeKeys(),
                    wanted.fallbackKeys());
            MatrixError refusal = KeyDecisions.upload(oneTimeKeys, keys, upload, states, outcome)
                    .refusal();
            if (refusal != null) {
                return outcome.refused(refusal);
            }
        }
        return states.isEmpty() ? outcome.unchanged() : outcome.done(states);
    }

    /** Forgets the data of a user whose account is closed; returns the new state. */
    static Map<String, UserState> forget(Entities<UserState> entities, UserId user, Outcome outcome) {
        String key = new EntityKey.OfDehydrated(user).text();
        if (((UserState.Dehydrated) entities.get(key)).device() == null) {
            return Map.of();
        }
        outcome.add(new AccountChange.DehydratedSet(new DehydratedDeviceChanged(user, null), null, 0));
        return Map.of(key, UserState.Dehydrated.NONE);
    }
}
