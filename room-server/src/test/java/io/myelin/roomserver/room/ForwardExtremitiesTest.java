package io.myelin.roomserver.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.EventId;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ForwardExtremitiesTest {

    private static ForwardExtremity extremity(long number, long stateAfter) {
        return new ForwardExtremity(new EventId("$" + number), number, number, stateAfter, null);
    }

    private static List<ForwardExtremity> ofStates(long... states) {
        return LongStream.range(0, states.length)
                .mapToObj(i -> extremity(i + 1, states[(int) i]))
                .toList();
    }

    private static long[] differing(int count) {
        return LongStream.range(0, count).map(i -> 100 + i).toArray();
    }

    @Test
    void ofOneStateTheNewestAreKept() {
        List<ForwardExtremity> many = LongStream.rangeClosed(1, 50)
                .mapToObj(i -> extremity(i, i == 1 ? 7 : 8))
                .toList();
        List<ForwardExtremity> pruned = ForwardExtremities.pruned(many);
        assertThat(pruned).hasSize(ForwardExtremities.MOST);
        assertThat(pruned)
                .extracting(ForwardExtremity::seq)
                .contains(1L, 50L, 32L)
                .doesNotContain(2L, 31L);
        assertThat(pruned).extracting(ForwardExtremity::stateAfter).contains(7L, 8L);
    }

    @Test
    void noStateIsLost() {
        List<ForwardExtremity> many = ofStates(differing(30));
        assertThat(ForwardExtremities.pruned(many)).isEqualTo(many);
    }

    @Test
    void oneMoreForkWithAStateOfItsOwnIsTooMany() {
        List<ForwardExtremity> full = ofStates(differing(ForwardExtremities.MOST));
        assertThat(ForwardExtremities.exceed(full, Set.of(), 7)).isTrue();
        assertThat(ForwardExtremities.exceed(full, Set.of(), 100)).isFalse();
        assertThat(ForwardExtremities.exceed(full, Set.of(full.getFirst().id()), 7))
                .isFalse();
        assertThat(ForwardExtremities.exceed(full.subList(1, full.size()), Set.of(), 7))
                .isFalse();
    }

    @Test
    void aRoomThatHasTooManyAlreadyMayHaveFewer() {
        List<ForwardExtremity> tooMany = ofStates(differing(30));
        assertThat(ForwardExtremities.exceed(tooMany, Set.of(tooMany.getFirst().id()), 7))
                .isFalse();
        assertThat(ForwardExtremities.exceed(tooMany, Set.of(), 7)).isTrue();
    }
}
