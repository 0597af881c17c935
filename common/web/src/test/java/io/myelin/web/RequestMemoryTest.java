package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private static final long CAPACITY = 1 << 20;
    private static final long LARGE = CAPACITY / 4 * 3;
    private static final long SMALL = 50_000;

    private final RequestMemory impatient = new RequestMemory(CAPACITY, Duration.ZERO);

    @Test
    void refusesWhatThereIsNoMemoryForNow() {
        var first = impatient.share(null);
        first.reserve(LARGE);
        assertThatThrownBy(() -> impatient.share(null).reserve(100_000))
                .isInstanceOfSatisfying(MatrixException.class, e -> {
                    assertThat(e.status()).isEqualTo(429);
                    assertThat(e.body().integer("retry_after_ms")).isPresent();
                });
        first.release();
        assertThat(impatient.used()).isZero();
        impatient.share(null).reserve(100_000);
    }

    @Test
    void keepsAPartForSmallBodies() {
        impatient.share(null).reserve(LARGE);
        var small = impatient.share(null);
        small.reserve(1000);
        small.reserve(1000);
        assertThat(impatient.used()).isEqualTo(LARGE + 2000);
    }

    @Test
    void saysOfWhatCouldNeverBeHeldThatItIsTooLarge() {
        assertThatThrownBy(() -> impatient.share(null).reserve(LARGE + 1))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(413));
    }

    @Test
    void keepsAQuarterForTheSmallBodiesOfOneAddress() {
        List<RequestMemory.Share> held = new ArrayList<>();
        for (long bytes = 0; bytes + SMALL <= CAPACITY / 4; bytes += SMALL) {
            var share = impatient.share("203.0.113.9");
            share.reserve(SMALL);
            held.add(share);
        }
        assertThatThrownBy(() -> impatient.share("203.0.113.9").reserve(SMALL))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(429));
        impatient.share("198.51.100.1").reserve(SMALL);
        impatient.share(null).reserve(SMALL);
        held.getFirst().release();
        impatient.share("203.0.113.9").reserve(SMALL);
        assertThat(impatient.used()).isEqualTo((held.size() + 2) * SMALL);
    }

    @Test
    void letsTheOnlyRequestOfAnAddressHaveMore() {
        var only = impatient.share("203.0.113.9");
        only.reserve(SMALL);
        only.reserve(LARGE - SMALL);
        only.release();
        assertThat(impatient.used()).isZero();
    }

    @Test
    void waitsForAMomentForWhatIsGivenBack() throws Exception {
        var memory = new RequestMemory(CAPACITY, Duration.ofMinutes(1));
        var first = memory.share(null);
        first.reserve(LARGE);
        var second = CompletableFuture.runAsync(() -> memory.share(null).reserve(100_000));
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
