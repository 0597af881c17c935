package io.myelin.accountserver.account;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.DehydratedDeviceChanged;
import io.myelin.contracts.account.DehydrationCommand;
import io.myelin.contracts.account.DehydrationCommand.DehydrateDevice;
import io.myelin.contracts.account.DehydrationCommand.RemoveDehydratedDevice;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Decides on the dehydrated device of a user, of which there is at most one. MSC3814. */
final class DehydrationDecisions {

    private DehydrationDecisions() {}

    static Decision<UserState, AccountChange> decide(
            Entities<UserState> entities,
            UserState.Account account,
            DehydrationCommand command,
            SessionDecisions sessions,
            Outcome outcome) {
        String key = new EntityKey.OfDehydrated(account.user()).text();
        var known = (UserState.Dehydrated) entities.get(key);
        Device before = known.of(account);
        return switch (command) {
            case RemoveDehydratedDevice _ -> {
                if (before == null) {
                    yield outcome.unchanged();
                }
                UserState.Account changed = SessionDecisions.remove(account, List.of(before.id()), outcome);
                outcome.add(
                        new AccountChange.DehydratedSet(new DehydratedDeviceChanged(account.user(), null), null, 0));
                yield outcome.done(Map.of(userKey(account), changed, key, UserState.Dehydrated.NONE));
            }
            case DehydrateDevice dehydrate -> {
                String id = dehydrate.device().device();
                String hash = UserState.Dehydrated.hash(dehydrate.data());
                if (before != null && before.id().equals(id) && known.dataHash().equals(hash)) {
                    yield outcome.unchanged(); // The request is repeated: the device has messages by now.
                }
                UserState.Account changed =
                        before == null ? account : SessionDecisions.remove(account, List.of(before.id()), outcome);
                if (changed.devices().containsKey(id)) {
                    yield outcome.refused(
                            new MatrixError(400, "M_INVALID_PARAM", "The user has another device of this ID."));
                }
                changed = sessions.begin(changed, dehydrate.device(), outcome);
                long session = Objects.requireNonNull(changed.devices().get(id)).session();
                outcome.add(new AccountChange.DehydratedSet(
                        new DehydratedDeviceChanged(account.user(), id), dehydrate.data(), session));
                yield outcome.done(Map.of(userKey(account), changed, key, new UserState.Dehydrated(id, session, hash)));
            }
        };
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

    private static String userKey(UserState.Account account) {
        return new EntityKey.OfUser(account.user()).text();
    }
}
