package io.myelin.clientsync.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.AccountQueries.DeviceListChange;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceListIndexTest {
    private static final UserId ALICE = new UserId("@alice:test");
    private static final UserId BOB = new UserId("@bob:test");
    private static final UserId CAROL = new UserId("@carol:test");

    private final DeviceListIndex index = new DeviceListIndex(2);

    private static DeviceListChange change(long seq, UserId user) {
        return new DeviceListChange(seq, null, user);
    }

    @Test
    void keepsTheNewestChangeOfEachUser() {
        index.reset(10);
        index.changed(change(11, ALICE));
        index.changed(change(12, ALICE));
        assertThat(index.after(10)).containsExactly(change(12, ALICE));
    }

    @Test
    void knowsHowFarBackItReaches() {
        index.reset(10);
        assertThat(index.isCompleteAfter(10)).isTrue();
        assertThat(index.isCompleteAfter(9)).isFalse();
        index.changed(change(11, ALICE));
        index.changed(change(12, BOB));
        index.changed(change(13, CAROL));
        assertThat(index.isCompleteAfter(10)).isFalse();
        assertThat(index.isCompleteAfter(11)).isTrue();
        assertThat(index.canKeepAllAfter(11)).isTrue();
        assertThat(index.canKeepAllAfter(10)).as("there are three").isFalse();
    }

    @Test
    void learnsWhatWasBefore() {
        index.reset(10);
        index.add(List.of(change(5, ALICE)), 3, 3, 10);
        assertThat(index.isCompleteAfter(3)).isTrue();
        assertThat(index.after(3)).containsExactly(change(5, ALICE));
    }

    @Test
    void remembersThatThereAreTooMany() {
        index.reset(10);
        index.add(List.of(change(7, ALICE)), 3, 5, 10);
        assertThat(index.isCompleteAfter(5)).isTrue();
        assertThat(index.canKeepAllAfter(5)).isTrue();
        assertThat(index.canKeepAllAfter(4)).isFalse();
        index.reset(20);
        assertThat(index.canKeepAllAfter(4)).as("of another start").isTrue();
    }

    @Test
    void anAnswerFromBeforeAResetLeavesNoHole() {
        index.reset(20);
        index.add(List.of(change(5, ALICE)), 3, 3, 15);
        assertThat(index.isCompleteAfter(3)).isFalse();
    }
}
