package io.myelin.accountserver.account;

import io.myelin.accountserver.account.KeyChange.Row;
import io.myelin.accountserver.account.OneTimeKeys.FallbackKey;
import io.myelin.accountserver.account.OneTimeKeys.OneTimeKey;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.KeyAnswer;
import io.myelin.contracts.account.KeyAnswer.ClaimedKey;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.KeyCommand.Claim;
import io.myelin.contracts.account.KeyCommand.DeviceKey;
import io.myelin.contracts.account.KeyFact;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides on the keys of devices. Client-server API, "Key management API". */
final class KeyDecisions {

    private KeyDecisions() {}

    static Decision<UserState, AccountChange> decide(
            Entities<UserState> entities, KeyCommand command, Outcome outcome) {
        return switch (command) {
            case KeyCommand.UploadKeys upload -> upload(entities, upload, outcome);
            case KeyCommand.ClaimKeys claim -> claim(entities, claim, outcome);
            case KeyCommand.SetCrossSigningKeys set -> {
                UserState.Account account = account(entities, set.user());
                yield account == null
                        ? outcome.noSuchUser()
                        : CrossSigningDecisions.set(account, keys(entities, set.user()), set, outcome);
            }
            case KeyCommand.AddSignatures add ->
                account(entities, add.user()) == null
                        ? outcome.noSuchUser()
                        : CrossSigningDecisions.sign(keys(entities, add.user()), add, outcome);
        };
    }

    private static UserState.@Nullable Account account(Entities<UserState> entities, UserId user) {
        return entities.get(new EntityKey.OfUser(user).text()) instanceof UserState.Account account
                        && !account.deactivated()
                ? account
                : null;
    }

    private static UserKeys keys(Entities<UserState> entities, UserId user) {
        return (UserKeys) entities.get(new EntityKey.OfKeys(user).text());
    }

    private static OneTimeKeys oneTimeKeys(Entities<UserState> entities, EntityKey.OfOneTimeKeys key) {
        return (OneTimeKeys) entities.get(key.text());
    }

    // --- upload

    private static Decision<UserState, AccountChange> upload(
            Entities<UserState> entities, KeyCommand.UploadKeys upload, Outcome outcome) {
        UserState.Account account = account(entities, upload.user());
        if (account == null || !account.devices().containsKey(upload.device())) {
            return outcome.refused(
                    new MatrixError(401, "M_UNKNOWN_TOKEN", "The session of this access token has ended."));
        }
        OneTimeKeys before = oneTimeKeys(entities, new EntityKey.OfOneTimeKeys(upload.user(), upload.device()));
        Map<String, UserState> states = new HashMap<>();
        Uploaded uploaded = upload(before, keys(entities, upload.user()), upload, states, outcome);
        if (uploaded.refusal() != null) {
            return outcome.refused(uploaded.refusal());
        }
        Map<String, Integer> counts = uploaded.after().counts();
        return outcome.done(states, at -> new KeyAnswer.KeysStored(at, counts));
    }

    /**
     * What came of an upload.
     *
     * @param refusal null if the keys are stored
     */
    record Uploaded(OneTimeKeys after, @Nullable MatrixError refusal) {}

    /**
     * Stores keys of a device that exists.
     *
     * @param before the device's keys that others claim
     * @param keysBefore the user's public keys
     * @param states takes the new states
     */
    static Uploaded upload(
            OneTimeKeys before,
            UserKeys keysBefore,
            KeyCommand.UploadKeys upload,
            Map<String, UserState> states,
            Outcome outcome) {
        var key = new EntityKey.OfOneTimeKeys(upload.user(), upload.device());
        List<DeviceKey> added = new ArrayList<>();
        for (DeviceKey each : upload.oneTimeKeys()) {
            OneTimeKey known = before.find(each.algorithm(), each.id());
            if (known == null) {
                if (!before.wasClaimed(each)) {
                    added.add(each);
                }
            } else if (!KeyFingerprint.isSame(known.key().key(), each.key())) {
                return new Uploaded(before, conflict(known.key(), each));
            }
        }
        if (!added.isEmpty() && before.unclaimed().size() + added.size() > KeyLimits.ONE_TIME_KEYS) {
            return new Uploaded(
                    before,
                    new MatrixError(
                            400, "M_TOO_LARGE", "A device has at most " + KeyLimits.ONE_TIME_KEYS + " one-time keys."));
        }
        List<FallbackKey> fallback = newFallback(before, upload.fallbackKeys());
        OneTimeKeys after = withFallback(before, fallback);
        if (after.fallback().size() > KeyLimits.FALLBACK_KEYS) {
            return new Uploaded(
                    before,
                    new MatrixError(
                            400,
                            "M_TOO_LARGE",
                            "A device has fallback keys of at most " + KeyLimits.FALLBACK_KEYS + " algorithms."));
        }
        if (!added.isEmpty() || !fallback.isEmpty()) {
            long seq = outcome.seq();
            List<OneTimeKey> rows =
                    added.stream().map(each -> new OneTimeKey(each, seq)).toList();
            after = after.with(rows);
            states.put(key.text(), after);
            outcome.add(new KeyChange.OneTimeKeysSet(counted(key, after), rows, fallback, List.of()));
        }
        UserKeys keys = withDeviceKeys(keysBefore, upload, outcome);
        if (keys != keysBefore) {
            states.put(new EntityKey.OfKeys(upload.user()).text(), keys);
        }
        return new Uploaded(after, null);
    }

    private static UserKeys withDeviceKeys(UserKeys before, KeyCommand.UploadKeys upload, Outcome outcome) {
        byte[] uploaded = upload.deviceKeys();
        OfDevice known = before.devices().get(upload.device());
        if (uploaded == null || known != null && Arrays.equals(known.uploaded(), uploaded)) {
            return before;
        }
        boolean isSame = known != null && KeyFingerprint.isSame(known.uploaded(), uploaded);
        var device = new OfDevice(uploaded, known != null && isSame ? known.signature() : null);
        outcome.deviceListChanged(List.of(new Row.DeviceKeys(upload.device(), device)));
        return before.withDevice(upload.device(), device);
    }

    /** The keys among these that are not stored already. A key that is stored keeps its used flag. */
    private static List<FallbackKey> newFallback(OneTimeKeys before, List<DeviceKey> uploaded) {
        Map<String, FallbackKey> added = new LinkedHashMap<>();
        for (DeviceKey each : uploaded) {
            FallbackKey known = before.fallback(each.algorithm());
            if (known == null
                    || !known.key().id().equals(each.id())
                    || !Arrays.equals(known.key().key(), each.key())) {
                added.put(each.algorithm(), new FallbackKey(each, false));
            }
        }
        return List.copyOf(added.values());
    }

    private static OneTimeKeys withFallback(OneTimeKeys before, List<FallbackKey> added) {
        OneTimeKeys after = before;
        for (FallbackKey key : added) {
            after = after.withFallback(key);
        }
        return after;
    }

    /** matrix-rust-sdk recognises the sentence, which is Synapse's. */
    private static MatrixError conflict(DeviceKey known, DeviceKey uploaded) {
        return new MatrixError(
                400,
                "M_UNKNOWN",
                "One time key %s:%s already exists. Old key: %s; new key: %s"
                        .formatted(uploaded.algorithm(), uploaded.id(), text(known.key()), text(uploaded.key())));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    // --- claim

    private static Decision<UserState, AccountChange> claim(
            Entities<UserState> entities, KeyCommand.ClaimKeys command, Outcome outcome) {
        Map<EntityKey.OfOneTimeKeys, List<Claim>> claims = new LinkedHashMap<>();
        for (Claim claim : command.claims()) {
            claims.computeIfAbsent(new EntityKey.OfOneTimeKeys(claim.user(), claim.device()), _ -> new ArrayList<>())
                    .add(claim);
        }
        Map<String, UserState> states = new HashMap<>();
        List<ClaimedKey> claimed = new ArrayList<>();
        claims.forEach((key, ofDevice) -> {
            OneTimeKeys before = oneTimeKeys(entities, key);
            OneTimeKeys after = before;
            long seq = outcome.seq();
            List<OneTimeKey> removed = new ArrayList<>();
            List<FallbackKey> used = new ArrayList<>();
            for (Claim claim : ofDevice) {
                OneTimeKey oldest = after.oldest(claim.algorithm());
                FallbackKey fallback = after.fallback(claim.algorithm());
                if (oldest != null) {
                    after = after.claim(oldest, seq);
                    removed.add(after.claimed().getLast());
                    claimed.add(claimed(claim, oldest.key()));
                } else if (fallback != null) {
                    claimed.add(claimed(claim, fallback.key()));
                    if (!fallback.used()) {
                        var now = new FallbackKey(fallback.key(), true);
                        after = after.withFallback(now);
                        used.add(now);
                    }
                }
            }
            if (after != before) {
                states.put(key.text(), after);
                List<OneTimeKey> forgotten = new ArrayList<>(before.claimed());
                forgotten.removeAll(after.claimed());
                outcome.add(new KeyChange.OneTimeKeysSet(counted(key, after), removed, used, forgotten));
            }
        });
        return outcome.done(states, at -> new KeyAnswer.KeysClaimed(at, claimed));
    }

    private static ClaimedKey claimed(Claim claim, DeviceKey key) {
        return new ClaimedKey(claim.user(), claim.device(), key.algorithm(), key.id(), key.key());
    }

    private static KeyFact.KeyCountsChanged counted(EntityKey.OfOneTimeKeys key, OneTimeKeys keys) {
        return new KeyFact.KeyCountsChanged(key.user(), key.device(), keys.counts(), keys.unusedFallback());
    }

    // --- removal

    /**
     * Removes the keys of devices that are gone. Their rows of one-time keys go with the fact that the device is removed.
     *
     * @param anew devices of these that exist again, with keys that {@code states} has
     * @param all whether the account is closed, so that the user's other keys go, too
     * @param states takes the new states
     * @return the rows of public keys that are deleted
     */
    static List<Row> remove(
            Entities<UserState> entities,
            UserId user,
            Collection<String> devices,
            Set<String> anew,
            boolean all,
            Map<String, UserState> states) {
        List<EntityKey.OfOneTimeKeys> oneTime = devices.stream()
                .map(device -> new EntityKey.OfOneTimeKeys(user, device))
                .toList();
        List<String> needed = new ArrayList<>();
        String name = new EntityKey.OfKeys(user).text();
        needed.add(name);
        needed.add(new EntityKey.OfDehydrated(user).text());
        oneTime.forEach(key -> needed.add(key.text()));
        entities.require(needed);
        for (EntityKey.OfOneTimeKeys key : oneTime) {
            if (!oneTimeKeys(entities, key).isEmpty()) {
                states.putIfAbsent(key.text(), OneTimeKeys.NONE);
            }
        }
        UserKeys before = states.get(name) instanceof UserKeys decided ? decided : keys(entities, user);
        UserKeys after = before;
        List<Row> rows = new ArrayList<>();
        for (String device : devices) {
            if (after.devices().containsKey(device) && !anew.contains(device)) {
                after = after.withDevice(device, null);
                rows.add(new Row.DeviceKeys(device, null));
            }
        }
        if (all) {
            after.crossSigning().keySet().forEach(usage -> rows.add(new Row.CrossSigningKey(usage, null)));
            after.signedUsers().keySet().forEach(signed -> rows.add(new Row.SignedUser(signed, null)));
            after = UserKeys.NONE;
        }
        if (after != before) {
            states.put(name, after);
        }
        return rows;
    }
}
