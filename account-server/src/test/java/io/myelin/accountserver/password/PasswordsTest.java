package io.myelin.accountserver.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private static final ClientAddress FLOODER = new ClientAddress("203.0.113.9", false);
    private static final ClientAddress SOMEBODY = new ClientAddress("198.51.100.1", false);

    private final Passwords passwords = new Passwords(Argon2Cost.LOWEST, new Random(1), 1);
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void close() {
        goOn.countDown();
        clients.shutdownNow();
        passwords.close();
    }

    @Test
    void servesSomebodyThoughOneAddressFillsTheQueue() throws Exception {
        List<CompletableFuture<Boolean>> flood = new ArrayList<>();
        flood.add(CompletableFuture.supplyAsync(() -> passwords.run(FLOODER, this::hold), clients));
        assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 600; i++) {
            flood.add(CompletableFuture.supplyAsync(() -> passwords.matches(FLOODER, "guess", null), clients));
        }
        CompletableFuture.anyOf(flood.stream()
                        .map(attempt -> attempt.handle((_, failure) -> failure))
                        .toArray(CompletableFuture[]::new))
                .get(10, TimeUnit.SECONDS); // One request is refused because the queue is full.
        String hash = PasswordHash.of("right", Argon2Cost.LOWEST, new Random(2)).encoded();
        var mine = CompletableFuture.supplyAsync(() -> passwords.matches(SOMEBODY, "right", hash), clients);
        goOn.countDown();
        assertThat(mine.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tellsWhoFillsTheQueueToComeBackLater() throws Exception {
        clients.submit(() -> passwords.run(FLOODER, this::hold));
        assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
        List<CompletableFuture<Boolean>> flood = new ArrayList<>();
        for (int i = 0; i < 513; i++) {
            flood.add(CompletableFuture.supplyAsync(() -> passwords.matches(FLOODER, "guess", null), clients));
        }
        assertThatThrownBy(() -> CompletableFuture.anyOf(flood.toArray(CompletableFuture[]::new))
                        .get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(MatrixException.class, e -> {
                    assertThat(e.status()).isEqualTo(429);
                    assertThat(e.body().integer("retry_after_ms")).isPresent();
                });
    }

    private boolean hold() {
        busy.countDown();
        try {
            return goOn.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
