package io.myelin.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForkResolutionTest {

    @Test
    void hasAThousandConflictedEventsOfEachForkInARoomOfTenThousandMembers() {
        var room = ForkedRoom.of(RoomVersions.DEFAULT);
        Map<StateKey, EventId> ofLeft = new HashMap<>();
        Map<StateKey, EventId> ofRight = new HashMap<>();
        room.left().state().differences(room.right().state(), (key, left, right) -> {
            ofLeft.put(key, left);
            ofRight.put(key, right);
        });
        assertThat(ofLeft).hasSize(1_000).doesNotContainValue(null);
        assertThat(ofRight).hasSize(1_000).doesNotContainValue(null);
        assertThat(room.left().state().size(EventTypes.MEMBER)).isEqualTo(10_000);
    }

    /**
     * The right fork's power levels came last and win, so its events are applied after those of the left fork. But members
     * whom the left fork has removed stay removed, because removals are applied before changes of names.
     */
    @ParameterizedTest
    @ValueSource(strings = {"11", "12"})
    void keepsWhatTheRightForkSaysAndWhomTheLeftHasRemovedOut(String version) {
        var kernel = new ForkResolution();
        kernel.version = version;
        kernel.prepare();
        assertThat(kernel.resolve()).isEqualTo(rightButWithThoseRemovedByLeft(kernel.room()));
    }

    private static StateMap<EventId> rightButWithThoseRemovedByLeft(ForkedRoom room) {
        var removed = room.left().events().stream(EventTypes.MEMBER)
                .filter(entry -> Membership.of(entry.value()) != Membership.JOIN)
                .toList();
        assertThat(removed).hasSize(125);
        var state = room.right().state();
        for (var entry : removed) {
            state = state.with(entry.key(), entry.value().eventId());
        }
        return state;
    }
}
