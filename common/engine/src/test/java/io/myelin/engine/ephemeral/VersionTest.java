package io.myelin.engine.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VersionTest {

    private static final long OWNERS_BEFORE = 1 << 20;

    /** A restored or promoted database has the time in seconds as its incarnation. */
    @Test
    void laterIncarnationIsNewerThoughItsOwnersBeginAnew() {
        long[] incarnations = {
            1, 2, 3, 1_796_000_000, 1_796_000_001, 1_803_550_719, 1_803_550_720, 1_811_939_328, 4_102_444_800L
        };

        Version[] versions = LongStream.of(incarnations)
                .boxed()
                .flatMap(each -> LongStream.of(1, 2, OWNERS_BEFORE)
                        .mapToObj(epoch -> new Version(Version.epoch(each, epoch), 0)))
                .toArray(Version[]::new);

        assertThat(versions).isSorted().doesNotHaveDuplicates();
        assertThat(versions).allMatch(version -> version.isAfter(Version.NONE));
    }
}
