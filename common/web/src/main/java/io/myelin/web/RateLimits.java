package io.myelin.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.myelin.matrix.id.UserId;
import io.myelin.settings.Rate;
import io.myelin.settings.RateLimitSettings;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets of a process: one for each kind of action and key, all kinds together at most {@value #MAX_BUCKETS};
 * a bucket that is forgotten is a full one. Of <i>n</i> instances of a service each allows an <i>n</i>th of every rate, so
 * that all together allow what is set (docs/adr/0022). Client-server API, "Rate limiting".
 */
public final class RateLimits {
    /** With their keys, about 40 MB. */
    static final int MAX_BUCKETS = 100_000;

    private record Key(String action, String key) {}

    /** What a bucket was made for; another one replaces its capacity and keeps its level. */
    private record Share(Rate rate, int instances) {
        int capacity() {
            return Math.max(1, rate.burst() / instances);
        }

        BucketConfiguration configuration() {
            return BucketConfiguration.builder()
                    .addLimit(limit -> limit.capacity(capacity())
                            .refillGreedy(rate.count(), rate.period().multipliedBy(instances)))
                    .build();
        }
    }

    private static final class Shared {
        final Bucket bucket;
        private Share share;

        Shared(Share share, TimeMeter clock) {
            this.share = share;
            Share first = share;
            this.bucket = Bucket.builder()
                    .withCustomTimePrecision(clock)
                    .addLimit(first.configuration().getBandwidths()[0])
                    .build();
        }

        synchronized void become(Share wanted) {
            if (!share.equals(wanted)) {
                share = wanted;
                bucket.replaceConfiguration(wanted.configuration(), TokensInheritanceStrategy.PROPORTIONALLY);
            }
        }
    }

    private record Exempt(RateLimitSettings settings, Set<String> users) {}

    private final Supplier<RateLimitSettings> settings;
    private final boolean off;
    private final InstanceCount instances;
    private final TimeMeter clock;
    private final Cache<Key, Shared> buckets =
            Caffeine.newBuilder().maximumSize(MAX_BUCKETS).build();
    private volatile @Nullable Exempt exempt;

    /**
     * @param settings asked at each use, since they may change
     * @param off whether there are no limits whatever the settings say, as in test mode
     */
    public RateLimits(Supplier<RateLimitSettings> settings, boolean off, InstanceCount instances) {
        this(settings, off, instances, System::nanoTime);
    }

    RateLimits(Supplier<RateLimitSettings> settings, boolean off, InstanceCount instances, LongSupplier nanoTime) {
        this.settings = settings;
        this.off = off;
        this.instances = instances;
        this.clock = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanoTime.getAsLong();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
    }

    /** Limits that nothing turns off, for a process that is the only instance of its service. */
    static RateLimits alone(LongSupplier nanoTime) {
        var always = new RateLimitSettings(true, null);
        return new RateLimits(() -> always, false, () -> 1, nanoTime);
    }

    /**
     * The limit of one kind of action.
     *
     * @param action names the kind; no other limit of this process has the same name
     * @param rate asked at each attempt, since it may change
     */
    public AttemptLimit of(String action, Supplier<Rate> rate) {
        return new AttemptLimit(this, action, rate);
    }

    /** As {@link #of(String, Supplier)}, for a setting of the form {@link Rate#PATTERN}. */
    public AttemptLimit setting(String action, Supplier<String> setting) {
        return of(action, new Parsed(setting));
    }

    /** Parses a setting once, and again when it is another one. */
    private static final class Parsed implements Supplier<Rate> {
        private record Both(String text, Rate rate) {}

        private final Supplier<String> setting;
        private volatile Both last = new Both("unlimited", Rate.UNLIMITED);

        Parsed(Supplier<String> setting) {
            this.setting = setting;
        }

        @Override
        public Rate get() {
            String text = setting.get();
            Both known = last;
            if (!known.text().equals(text)) {
                known = new Both(text, Rate.parse(text));
                last = known;
            }
            return known.rate();
        }
    }

    /** The bucket for a key; null if there is no limit. */
    @Nullable
    Bucket bucket(String action, Rate rate, String key) {
        if (off || rate.isUnlimited() || !settings.get().enabled()) {
            return null;
        }
        Share share = share(rate);
        Shared shared = buckets.get(new Key(action, key), _ -> new Shared(share, clock));
        shared.become(share);
        return shared.bucket;
    }

    /** As {@link #bucket}; null also if the key has no bucket yet, which is a full one. Asking costs no memory. */
    @Nullable
    Bucket knownBucket(String action, Rate rate, String key) {
        if (off || rate.isUnlimited() || !settings.get().enabled()) {
            return null;
        }
        Shared shared = buckets.getIfPresent(new Key(action, key));
        if (shared == null) {
            return null;
        }
        shared.become(share(rate));
        return shared.bucket;
    }

    /** About how many buckets are kept. */
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private Share share(Rate rate) {
        return new Share(rate, Math.max(1, instances.living()));
    }

    /** How many attempts of this rate this instance allows at once. */
    int capacity(Rate rate) {
        return share(rate).capacity();
    }

    /** Whether the user's rates are not limited. */
    boolean isExempt(UserId user) {
        RateLimitSettings now = settings.get();
        Exempt known = exempt;
        if (known == null || known.settings() != now) {
            known = new Exempt(now, Set.copyOf(now.eachExemptUser()));
            exempt = known;
        }
        return known.users().contains(user.value());
    }

    /** How long until a limit without tokens has one again, in words of time. */
    static Duration retryAfter(long nanos) {
        return Duration.ofNanos(nanos).plusMillis(1);
    }
}
