package io.myelin.roomserver.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.RoomCommand;
import io.myelin.roomserver.TestShard;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoomDeciderTest {

    @Test
    void everyCommandHasAHandler() {
        assertThat(new TestShard().decider.handled())
                .containsExactlyInAnyOrderElementsOf(kinds(RoomCommand.class).collect(Collectors.toSet()));
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(RoomDeciderTest::kinds);
    }
}
