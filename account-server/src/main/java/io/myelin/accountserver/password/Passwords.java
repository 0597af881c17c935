package io.myelin.accountserver.password;

import io.myelin.contracts.Unavailable;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords. So many at once as there are threads, so that their memory is bounded and the server has
 * processors left for everything else; a queue for the others, and beyond that {@link Unavailable}.
 */
public final class Passwords implements AutoCloseable {
    private static final int QUEUE = 512;

    private final Argon2Cost cost;
    private final RandomGenerator random;
    private final PasswordHash nobodys;
    private final ExecutorService threads;

    /** @param random fit for secrets */
    public Passwords(Argon2Cost cost, RandomGenerator random) {
        this.cost = cost;
        this.random = random;
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        threads = new ThreadPoolExecutor(
                count,
                count,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(QUEUE),
                Thread.ofPlatform().daemon().name("passwords-", 0).factory());
        nobodys = PasswordHash.ofNobody(cost, random);
    }

    /** Argon2id, encoded. */
    public String hash(String password) {
        return run(() -> PasswordHash.of(password, cost, random).encoded());
    }

    /**
     * Whether the password is the one that was hashed. Takes as long if there is no hash, so that nobody learns who has
     * an account by the time it takes.
     */
    public boolean matches(String password, @Nullable String encoded) {
        Optional<PasswordHash> hash = encoded == null ? Optional.empty() : PasswordHash.parse(encoded);
        boolean matches = run(() -> hash.orElse(nobodys).matches(password));
        return matches && hash.isPresent();
    }

    private <T> T run(Callable<T> work) {
        try {
            return threads.submit(work).get();
        } catch (RejectedExecutionException e) {
            throw new Unavailable("More passwords are to be checked than can be", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A password could not be hashed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The server is stopping", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
