package io.myelin.typingserver.typing;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.typing.SetTyping;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypingRulesTest {
    private static final RoomId ROOM = RoomId.parse("!room:example.org");
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");

    private static final Duration LONGEST = Duration.ofSeconds(120);
    private static final int MOST_TYPISTS = 500;

    private final TypingRules rules = new TypingRules(LONGEST, MOST_TYPISTS);
    private Typists room = rules.initial(ROOM.value());
    private long now = 1_700_000_000_000L;

    private void says(UserId user, long timeoutMillis) {
        room = rules.receive(room, new SetTyping(ROOM, user, timeoutMillis), now, now);
    }

    private void millisPass(long millis) {
        now += millis;
        room = rules.timePasses(room, now);
    }

    private List<UserId> typing() {
        return rules.show(room, null, now).users();
    }

    @Test
    void showsAllWhoTypeInTheOrderInWhichTheyBegan() {
        says(BOB, 20_000);
        says(ALICE, 30_000);
        says(BOB, 30_000);
        assertThat(typing()).containsExactly(BOB, ALICE);
    }

    @Test
    void showsNobodyWhoHasStopped() {
        says(ALICE, 20_000);
        says(BOB, 20_000);
        says(ALICE, 0);
        assertThat(typing()).containsExactly(BOB);
    }

    @Test
    void typingEndsWithItsTime() {
        says(ALICE, 20_000);
        assertThat(rules.dueAt(room)).isEqualTo(now + 20_000);
        millisPass(19_999);
        assertThat(typing()).containsExactly(ALICE);
        millisPass(1);
        assertThat(typing()).isEmpty();
        assertThat(rules.isBlank(room)).isTrue();
        assertThat(rules.dueAt(room)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void typingGoesOnWhenItIsSaidAgain() {
        says(ALICE, 20_000);
        millisPass(15_000);
        says(ALICE, 20_000);
        millisPass(15_000);
        assertThat(typing()).containsExactly(ALICE);
    }

    @Test
    void whoBeginsAnewStandsLast() {
        says(ALICE, 10_000);
        says(BOB, 60_000);
        millisPass(20_000);
        says(ALICE, 10_000);
        assertThat(typing()).containsExactly(BOB, ALICE);
    }

    @Test
    void nobodyTypesLongerThanTheServerAllows() {
        says(ALICE, 3_600_000);
        millisPass(LONGEST.toMillis());
        assertThat(typing()).isEmpty();
    }

    @Test
    void aTimeoutBeyondAllNumbersIsTheLongest() {
        says(ALICE, Long.MAX_VALUE);
        assertThat(rules.dueAt(room)).isEqualTo(now + LONGEST.toMillis());
    }

    @Test
    void timeIsCountedFromWhenItWasSaid() {
        room = rules.receive(room, new SetTyping(ROOM, ALICE, 20_000), now - 15_000, now);
        millisPass(4_999);
        assertThat(typing()).containsExactly(ALICE);
        millisPass(1);
        assertThat(typing()).isEmpty();
    }

    @Test
    void whatIsHeardTooLateChangesNothing() {
        room = rules.receive(room, new SetTyping(ROOM, ALICE, 20_000), now - 60_000, now);
        assertThat(typing()).isEmpty();
    }

    @Test
    void aRoomShowsABoundedNumberOfTypists() {
        for (int each = 0; each <= MOST_TYPISTS; each++) {
            says(UserId.parse("@user" + each + ":example.org"), 20_000);
        }
        assertThat(typing()).hasSize(MOST_TYPISTS);
    }
}
