package io.myelin.web;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.myelin.matrix.id.UserId;
import io.myelin.settings.Rate;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits one kind of action for each key (an account, an address, a room); an attempt too many gets {@code
 * M_LIMIT_EXCEEDED} and costs nothing.
 *
 * <p>A key that belongs to whoever asks is counted by {@link #attempt} before anything else is done. A key that belongs to
 * others, such as a room, is asked about by {@link #requireAttempt} and counted by {@link #count} after the action was
 * allowed: otherwise a stranger could use up what its owners may do.
 *
 * @see RateLimits
 */
public final class AttemptLimit {
    private final RateLimits limits;
    private final String action;
    private final Supplier<Rate> rate;

    /** Made by {@link RateLimits#of}. */
    AttemptLimit(RateLimits limits, String action, Supplier<Rate> rate) {
        this.limits = limits;
        this.action = action;
        this.rate = rate;
    }

    /**
     * A limit that the settings of rates do not turn off.
     *
     * @param perMinute attempts a minute, all at once or spread; asked at each attempt, since it may change; 0 for no
     *     limit
     */
    public AttemptLimit(IntSupplier perMinute) {
        this(perMinute, System::nanoTime);
    }

    AttemptLimit(IntSupplier perMinute, LongSupplier nanoTime) {
        this(RateLimits.alone(nanoTime), "attempts", () -> Rate.perMinute(perMinute.getAsInt()));
    }

    /**
     * Ends the request if an {@link #attempt} would, but counts nothing. For actions that cost an attempt only if they
     * fail, or only if they are allowed.
     *
     * @throws MatrixException 429 {@code M_LIMIT_EXCEEDED}
     */
    public void requireAttempt(String key) {
        Bucket bucket = limits.knownBucket(action, rate.get(), key);
        if (bucket != null) {
            EstimationProbe probe = bucket.estimateAbilityToConsume(1);
            if (!probe.canBeConsumed()) {
                throw tooMany(probe.getNanosToWaitForRefill());
            }
        }
    }

    /** As {@link #requireAttempt(String)}, unless the user is exempt. */
    public void requireAttempt(UserId requester, String key) {
        if (!limits.isExempt(requester)) {
            requireAttempt(key);
        }
    }

    /**
     * Counts an attempt; ends the request if there were too many.
     *
     * @throws MatrixException 429 {@code M_LIMIT_EXCEEDED}
     */
    public void attempt(String key) {
        Bucket bucket = bucket(key);
        if (bucket != null) {
            ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
            if (!probe.isConsumed()) {
                throw tooMany(probe.getNanosToWaitForRefill());
            }
        }
    }

    /**
     * Gives back what {@link #attempt(String)} counted. For guesses that only count if they are wrong: each is counted before
     * it is checked, so that no more can be checked at the same time than one after the other.
     */
    public void giveBack(String key) {
        Bucket bucket = limits.knownBucket(action, rate.get(), key);
        if (bucket != null) {
            bucket.addTokens(1);
        }
    }

    /** Counts an attempt of a user, unless they are exempt. */
    public void attempt(UserId user) {
        if (!limits.isExempt(user)) {
            attempt(user.value());
        }
    }

    /**
     * Counts several attempts of a user at once. More than the bucket can ever hold are allowed when it is full; what is
     * missing has to come back before anything else.
     */
    public void attempt(UserId user, int times) {
        Bucket bucket = times == 0 || limits.isExempt(user) ? null : bucket(user.value());
        if (bucket != null) {
            EstimationProbe probe = bucket.estimateAbilityToConsume(Math.min(times, limits.capacity(rate.get())));
            if (!probe.canBeConsumed()) {
                throw tooMany(probe.getNanosToWaitForRefill());
            }
            bucket.consumeIgnoringRateLimits(times);
        }
    }

    /** Counts an action that has happened; never ends the request. */
    public void count(String key) {
        Bucket bucket = bucket(key);
        if (bucket != null) {
            bucket.tryConsumeAsMuchAsPossible(1);
        }
    }

    /** As {@link #count(String)}, unless the user is exempt. */
    public void count(UserId requester, String key) {
        if (!limits.isExempt(requester)) {
            count(key);
        }
    }

    private @Nullable Bucket bucket(String key) {
        return limits.bucket(action, rate.get(), key);
    }

    private static MatrixException tooMany(long nanos) {
        return MatrixException.tooMany("Too many attempts; try again later.", RateLimits.retryAfter(nanos));
    }
}
