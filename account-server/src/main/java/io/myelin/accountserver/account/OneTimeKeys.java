package io.myelin.accountserver.account;

import io.myelin.contracts.account.KeyCommand.DeviceKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one device that others claim.
 *
 * @param unclaimed oldest first
 * @param fallback one of each algorithm at most
 * @param claimed the fingerprints of keys that were claimed last, oldest first: a client that repeats an upload must not
 *     bring them back
 */
public record OneTimeKeys(List<OneTimeKey> unclaimed, List<FallbackKey> fallback, List<OneTimeKey> claimed)
        implements UserState {
    public static final OneTimeKeys NONE = new OneTimeKeys(List.of(), List.of());
    private static final int KEY = 250;

    /** @param added the number of the fact by which the key was stored */
    public record OneTimeKey(DeviceKey key, long added) {
        /** Keys of one upload have the order of their IDs. */
        public static final Comparator<OneTimeKey> OLDEST_FIRST = Comparator.comparingLong(OneTimeKey::added)
                .thenComparing(key -> key.key().algorithm())
                .thenComparing(key -> key.key().id());
    }

    /** @param used whether it was given to anybody */
    public record FallbackKey(DeviceKey key, boolean used) {}

    public OneTimeKeys {
        unclaimed = List.copyOf(unclaimed);
        fallback = List.copyOf(fallback);
        claimed = List.copyOf(claimed);
    }

    public OneTimeKeys(List<OneTimeKey> unclaimed, List<FallbackKey> fallback) {
        this(unclaimed, fallback, List.of());
    }

    /** Whether this very key was claimed. */
    boolean wasClaimed(DeviceKey key) {
        byte[] print = KeyFingerprint.of(key.key());
        return claimed.stream()
                .anyMatch(other -> other.key().id().equals(key.id())
                        && other.key().algorithm().equals(key.algorithm())
                        && Arrays.equals(other.key().key(), print));
    }

    /** The keys after a claim, which is remembered under this number. */
    OneTimeKeys claim(OneTimeKey key, long seq) {
        List<OneTimeKey> all = new ArrayList<>(claimed);
        DeviceKey its = key.key();
        all.add(new OneTimeKey(new DeviceKey(its.algorithm(), its.id(), KeyFingerprint.of(its.key())), seq));
        int tooMany = Math.max(0, all.size() - KeyLimits.CLAIMED_KEYS);
        return new OneTimeKeys(
                unclaimed.stream().filter(other -> other != key).toList(), fallback, all.subList(tooMany, all.size()));
    }

    boolean isEmpty() {
        return unclaimed.isEmpty() && fallback.isEmpty() && claimed.isEmpty();
    }

    @Nullable
    OneTimeKey find(String algorithm, String id) {
        for (OneTimeKey key : unclaimed) {
            if (key.key().id().equals(id) && key.key().algorithm().equals(algorithm)) {
                return key;
            }
        }
        return null;
    }

    @Nullable
    OneTimeKey oldest(String algorithm) {
        for (OneTimeKey key : unclaimed) {
            if (key.key().algorithm().equals(algorithm)) {
                return key;
            }
        }
        return null;
    }

    @Nullable
    FallbackKey fallback(String algorithm) {
        for (FallbackKey key : fallback) {
            if (key.key().algorithm().equals(algorithm)) {
                return key;
            }
        }
        return null;
    }

    OneTimeKeys with(List<OneTimeKey> added) {
        List<OneTimeKey> all = new ArrayList<>(unclaimed);
        all.addAll(added);
        all.sort(OneTimeKey.OLDEST_FIRST);
        return new OneTimeKeys(all, fallback, claimed);
    }

    OneTimeKeys withFallback(FallbackKey key) {
        List<FallbackKey> all = new ArrayList<>(fallback);
        all.removeIf(other -> other.key().algorithm().equals(key.key().algorithm()));
        all.add(key);
        return new OneTimeKeys(unclaimed, all, claimed);
    }

    /** How many keys there are, by algorithm. */
    public Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        unclaimed.forEach(key -> counts.merge(key.key().algorithm(), 1, Integer::sum));
        return counts;
    }

    /** The algorithms of fallback keys that were not given to anybody. */
    public List<String> unusedFallback() {
        return fallback.stream()
                .filter(key -> !key.used())
                .map(key -> key.key().algorithm())
                .sorted()
                .toList();
    }

    @Override
    public long weight() {
        long bytes = KEY;
        for (OneTimeKey key : unclaimed) {
            bytes += KEY + key.key().key().length;
        }
        for (FallbackKey key : fallback) {
            bytes += KEY + key.key().key().length;
        }
        return bytes + claimed.size() * (long) KEY;
    }
}
