package io.myelin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UuidV7Test {

    private final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
    private final UuidV7 ids = new UuidV7(clock::get, () -> -1L);

    @Test
    void bearsVersionVariantAndTime() {
        UUID id = ids.get();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(clock.get());
    }

    @Test
    void sortsByTheOrderOfMakingAlsoWithinAMillisecondAndWhenTheClockGoesBack() {
        Stream<UUID> before = Stream.generate(ids).limit(5_000).toList().stream();
        clock.addAndGet(-1_000);
        Stream<UUID> after = Stream.generate(ids).limit(5_000).toList().stream();

        assertThat(Stream.concat(before, after).map(UUID::toString).toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }
}
