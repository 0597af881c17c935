package io.myelin.clientsync.visibility;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table that follows from the five rules of the specification. */
class HistoryVisibilityTest {

    @ParameterizedTest(name = "{0}, {1}, joined later: {2} → {3}")
    @CsvSource({
        "world_readable, leave, false, true",
        "world_readable, ban, false, true",
        "world_readable, join, false, true",
        "shared, join, false, true",
        "shared, leave, true, true",
        "shared, leave, false, false",
        "shared, invite, false, false",
        "shared, invite, true, true",
        "shared, knock, false, false",
        "shared, ban, true, true",
        "invited, invite, false, true",
        "invited, join, false, true",
        "invited, leave, true, false",
        "invited, knock, true, false",
        "joined, join, false, true",
        "joined, invite, true, false",
        "joined, leave, true, false",
        "joined, ban, false, false",
        "nonsense, leave, true, true",
        "nonsense, leave, false, false",
    })
    void followsTheRules(String visibility, String membership, boolean joinedLater, boolean visible) {
        assertThat(HistoryVisibility.parse(visibility).allows(membership, joinedLater))
                .isEqualTo(visible);
    }

    @Test
    void isSharedWhereThereIsNone() {
        assertThat(HistoryVisibility.parse(null)).isEqualTo(HistoryVisibility.SHARED);
    }
}
