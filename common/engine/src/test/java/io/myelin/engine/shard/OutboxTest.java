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

    private final NotedEffects effects = new NotedEffects();
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
    void keepsSoManyInMemoryAndReadsTheOthersWhenThoseAreAnswered() {
        tick();
        outbox.found(List.of(), now);
        outbox.add(orders(1, 10), now);
        tick();
        assertThat(sent).containsExactly(id(1), id(2), id(3), id(4));
        assertThat(read).hasSize(1);

        outbox.settle(id(1), now);
        outbox.settle(id(2), now);
        tick();
        assertThat(read).hasSize(2);
        outbox.found(orders(1, 10), now);
        assertThat(sent).containsExactly(id(1), id(2), id(3), id(4), id(5), id(6));

        LongStream.rangeClosed(3, 6).forEach(number -> outbox.settle(id(number), now));
        tick();
        assertThat(read).last().isEqualTo(id(6));
        outbox.found(orders(7, 10), now);
        LongStream.rangeClosed(7, 10).forEach(number -> outbox.settle(id(number), now));
        tick();
        outbox.found(List.of(), now);
        tick();
        assertThat(sent).hasSize(10);
        assertThat(read).hasSize(4);
    }

    @Test
    void ordersThatNobodyAnswersMakeRoomForOthers() {
        tick();
        outbox.found(List.of(), now);
        outbox.add(orders(1, 8), now);
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
