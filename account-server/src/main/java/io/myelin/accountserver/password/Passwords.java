package io.myelin.accountserver.password;

import io.myelin.contracts.Unavailable;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords on a fixed number of threads. This bounds their memory and leaves processors for everything
 * else. Further requests wait in a {@link FairQueue}, in which clients' addresses take turns, so that an address with many
 * requests does not delay an address with one.
 */
public final class Passwords implements AutoCloseable {
    private static final int QUEUE = 512;

    /** A client that waited longer has probably given up, or tries again. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private final Argon2Cost cost;
    private final RandomGenerator random;
    private final PasswordHash nobodys;
    private final FairQueue<Task<?>> queue = new FairQueue<>(QUEUE, Task::refuse);
    private final Thread[] threads;

    private static final class Task<T> {
        final Supplier<T> work;
        final CompletableFuture<T> result = new CompletableFuture<>();
        final long since = System.nanoTime();

        Task(Supplier<T> work) {
            this.work = work;
        }

        void run() {
            if (System.nanoTime() - since > PATIENCE.toNanos()) {
                refuse();
                return;
            }
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }

        void refuse() {
            result.completeExceptionally(tooMany());
        }
    }

    /** @param random cryptographically secure */
    public Passwords(Argon2Cost cost, RandomGenerator random) {
        this(cost, random, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    Passwords(Argon2Cost cost, RandomGenerator random, int threadCount) {
        this.cost = cost;
        this.random = random;
        nobodys = PasswordHash.ofNobody(cost, random);
        threads = new Thread[threadCount];
        for (int i = 0; i < threadCount; i++) {
            threads[i] = Thread.ofPlatform().daemon().name("passwords-" + i).start(this::work);
        }
    }

    private void work() {
        try {
            while (true) {
                queue.take().run();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** The Argon2id hash of a password, encoded. */
    public String hash(ClientAddress client, String password) {
        return run(client, () -> PasswordHash.of(password, cost, random).encoded());
    }

    /**
     * Whether the password is the one that was hashed. It takes the same time without a hash, so that the time does not
     * show who has an account.
     */
    public boolean matches(ClientAddress client, String password, @Nullable String encoded) {
        Optional<PasswordHash> hash = encoded == null ? Optional.empty() : PasswordHash.parse(encoded);
        boolean matches = run(client, () -> hash.orElse(nobodys).matches(password));
        return matches && hash.isPresent();
    }

    /** @throws MatrixException 429 if the queue is full and this client has as many waiting as any other */
    <T> T run(ClientAddress client, Supplier<T> work) {
        var task = new Task<>(work);
        if (!queue.offer(client.network(), task)) {
            throw tooMany();
        }
        try {
            return task.result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MatrixException refused
                    ? refused
                    : new IllegalStateException("A password could not be hashed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The server is stopping", e);
        }
    }

    private static MatrixException tooMany() {
        return MatrixException.tooMany("More passwords wait to be checked than can be. Try again.", TRY_AGAIN);
    }

    @Override
    public void close() {
        for (Thread thread : threads) {
            thread.interrupt();
        }
    }
}
