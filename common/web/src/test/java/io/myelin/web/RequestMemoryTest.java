package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private static final long CAPACITY = 1 << 20;
    private static final long LARGE = CAPACITY / 4 * 3;

    private final RequestMemory impatient = new RequestMemory(CAPACITY, Duration.ZERO);

    @Test
    void refusesWhatThereIsNoMemoryForNow() {
        var first = impatient.share();
        first.reserve(LARGE);
        assertThatThrownBy(() -> impatient.share().reserve(100_000))
                .isInstanceOfSatisfying(MatrixException.class, e -> {
                    assertThat(e.status()).isEqualTo(429);
                    assertThat(e.body().integer("retry_after_ms")).isPresent();
                });
        first.release();
        assertThat(impatient.used()).isZero();
        impatient.share().reserve(100_000);
    }

    @Test
    void keepsAPartForSmallBodies() {
        impatient.share().reserve(LARGE);
        var small = impatient.share();
        small.reserve(1000);
        small.reserve(1000);
        assertThat(impatient.used()).isEqualTo(LARGE + 2000);
    }

    @Test
    void saysOfWhatCouldNeverBeHeldThatItIsTooLarge() {
        assertThatThrownBy(() -> impatient.share().reserve(LARGE + 1))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(413));
    }

    @Test
    void waitsForAMomentForWhatIsGivenBack() throws Exception {
        var memory = new RequestMemory(CAPACITY, Duration.ofMinutes(1));
        var first = memory.share();
        first.reserve(LARGE);
        var second = CompletableFuture.runAsync(() -> memory.share().reserve(100_000));
        first.release();
        second.get(10, TimeUnit.SECONDS);
        assertThat(memory.used()).isEqualTo(100_000);
    }

    @Test
    void countsWhatParsingMakesOfABody() {
        byte[] numbers = ("[" + "0,".repeat(999) + "0]").getBytes(StandardCharsets.US_ASCII);
        assertThat(RequestMemory.parsedBytes(numbers)).isEqualTo(numbers.length + 1000 * 48L);
        byte[] text = ("\"" + "x".repeat(1000) + "\"").getBytes(StandardCharsets.US_ASCII);
        assertThat(RequestMemory.parsedBytes(text)).isEqualTo(text.length);
    }
}
