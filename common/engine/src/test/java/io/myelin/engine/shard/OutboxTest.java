package io.myelin.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final long PAUSE = 1_000;
    private static final long ROOM_FOR_FOUR = 4 * (Outbox.ORDER_BYTES + 10);

    private final RecordedEffects effects = new RecordedEffects();
    private final List<UUID> sent = effects.orders;
    private final List<@Nullable UUID> read = effects.pages;
    private final Outbox outbox = new Outbox(effects, PAUSE, ROOM_FOR_FOUR);
    private long now;

    private static UUID id(long number) {
        return new UUID(0, number);
    }

    private static List<StoredOrder> orders(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(number -> new StoredOrder(id(number), new Order("input", 0, new byte[10])))
                .toList();
    }

    private void tick() {
        outbox.tick(0, 1, now);
    }

    @Test
    void sendsEachAtOnceAndRepeatsThoseThatAreLeftToTheirRowsWhenThereIsRoom() {
        tick();
        outbox.found(List.of(), now);
        outbox.add(orders(1, 10), now);
        assertThat(sent).hasSize(10);
        tick();
        assertThat(read).hasSize(1);

        LongStream.rangeClosed(1, 4).forEach(number -> outbox.settle(id(number), now));
        tick();
        assertThat(read).hasSize(2);
        outbox.found(orders(5, 10), now);
        assertThat(sent.subList(10, sent.size())).containsExactly(id(5), id(6), id(7), id(8));

        LongStream.rangeClosed(5, 8).forEach(number -> outbox.settle(id(number), now));
        tick();
        assertThat(read).last().isEqualTo(id(8));
        outbox.found(orders(9, 10), now);
        LongStream.rangeClosed(9, 10).forEach(number -> outbox.settle(id(number), now));
        tick();
        outbox.found(List.of(), now);
        tick();
        assertThat(sent).hasSize(16);
        assertThat(read).hasSize(4);
    }

    @Test
    void takesTheAnswerOfAnOrderThatIsLeftToItsRow() {
        tick();
        outbox.found(List.of(), now);
        outbox.add(orders(1, 6), now);
        assertThat(outbox.settle(id(6), now)).isTrue();
        assertThat(outbox.settled()).containsExactly(id(6));
        assertThat(outbox.settle(id(7), now)).isFalse();
    }

    @Test
    void anOrderThatIsLargerThanTheRoomForAllIsTakenInNevertheless() {
        tick();
        outbox.found(orders(1, 2), now);
        StoredOrder large = new StoredOrder(id(3), new Order("input", 0, new byte[(int) ROOM_FOR_FOUR]));
        outbox.found(List.of(large), now);
        assertThat(sent).containsExactly(id(1), id(2), id(3));
    }

    @Test
    void ordersThatNobodyAnswersMakeRoomForOthers() {
        tick();
        outbox.found(List.of(), now);
        outbox.add(orders(1, 8), now);
        sent.clear();
        for (int answered = 1; now < 600_000; now += 100) {
            tick();
            if (read.size() > answered) {
                answered = read.size();
                UUID after = read.getLast();
                outbox.found(orders(after == null ? 1 : after.getLeastSignificantBits() + 1, 8), now);
            }
        }
        assertThat(sent).contains(id(5), id(6), id(7), id(8));
    }
}
