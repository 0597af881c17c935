package io.myelin.roomserver.state;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.roomserver.state.StateLayers.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StateLayersTest {

    private static final int CHANGES = 10_000;

    /** What a room's tables would have: for each state the step that made it, and the differences that were stored. */
    private static final class Written {
        final Map<Long, Difference> steps = new HashMap<>();
        final Map<Long, Difference> strides = new HashMap<>();
        final Map<Long, EventNumbers> states = new HashMap<>(Map.of(0L, EventNumbers.NONE));

        StateLayers after(StateLayers before, long event, EventNumbers difference) {
            return write(before, difference, before.after(event, difference));
        }

        StateLayers resolved(StateLayers before, long name, EventNumbers difference) {
            StateLayers.Next next = before.resolved(name, difference);
            assertThat(next.written()).isNotNull();
            return write(before, difference, next);
        }

        private StateLayers write(StateLayers before, EventNumbers difference, StateLayers.Next next) {
            long name = next.layers().state();
            steps.put(name, new Difference(name, before.state(), 0, 1, difference));
            if (next.written() != null) {
                strides.put(name, next.written());
            }
            states.put(name, Objects.requireNonNull(states.get(before.state())).difference(difference));
            return next.layers();
        }

        List<Difference> way(long state) {
            List<Difference> way = new ArrayList<>();
            for (long at = state; at != 0; at = way.getLast().base()) {
                way.add(strides.getOrDefault(at, steps.get(at)));
            }
            return way;
        }

        EventNumbers read(long state) {
            return EventNumbers.differenceOf(
                    way(state).stream().map(Difference::numbers).toList());
        }
    }

    @Test
    void everyStateIsReadFromFewDifferences() {
        Written written = new Written();
        StateLayers layers = StateLayers.EMPTY;
        for (long event = 1; event <= CHANGES; event++) {
            EventNumbers difference = event > 100 ? EventNumbers.of(event, event - 100) : EventNumbers.of(event);
            layers = written.after(layers, event, difference);
            assertThat(written.way(event)).hasSizeLessThan(4 * StateLayers.STEPS);
        }
        for (long event = 1; event <= CHANGES; event++) {
            assertThat(written.read(event)).isEqualTo(written.states.get(event));
        }
        assertThat(written.strides).hasSizeBetween(CHANGES / (2 * StateLayers.STEPS), CHANGES / StateLayers.STEPS);
    }

    @Test
    void aLandmarkIsToldFromTheLastGreaterOne() {
        Written written = new Written();
        StateLayers layers = StateLayers.EMPTY;
        for (long event = 1; event <= CHANGES; event++) {
            layers = written.after(layers, event, EventNumbers.of(event));
        }
        Map<Long, Difference> landmarks = written.strides;
        assertThat(landmarks.values()).allSatisfy(landmark -> {
            assertThat(landmark.base() == 0
                            || requireNonNull(landmarks.get(landmark.base())).level() > landmark.level())
                    .isTrue();
            assertThat(landmark.steps()).isLessThan(4 * StateLayers.STEPS);
            assertThat(landmark.numbers().size()).isEqualTo(landmark.state() - landmark.base());
        });
        assertThat(landmarks.values()).anyMatch(landmark -> landmark.level() == 2);
    }

    /** Each of these states would store all changes since the greater landmark if it became a landmark. */
    @Test
    void ofManyStatesThatAreToldFromOneFewBecomeLandmarks() {
        StateLayers before = StateLayers.EMPTY;
        long event = 1;
        while (before.layers().isEmpty()
                || before.layers().getFirst().steps() < StateLayers.STEPS - 1
                || before.layers().size() < 2
                || before.layers().get(1).steps() < StateLayers.STEPS - 1) {
            before = before.after(event, EventNumbers.of(event)).layers();
            event++;
        }
        long bytes = 0;
        int written = 0;
        for (long sibling = event; sibling < event + 1_000; sibling++) {
            StateLayers.Next next = before.after(sibling, EventNumbers.of(sibling));
            if (next.written() != null) {
                written++;
                bytes += next.written().numbers().toBytes().length;
            }
        }
        assertThat(written).isBetween(1, 1_000 / 4);
        assertThat(bytes).isLessThan(1_000 * 1_000L);
    }

    /**
     * Older tables: every 64th state is stored relative to the one 64 steps before, every 64th of those to the one 64
     * strides before.
     */
    @Test
    void statesThatAreToldStrideByStrideGoOn() {
        Written written = new Written();
        StateLayers layers = StateLayers.EMPTY;
        for (long event = 1; event < CHANGES / 2; event++) {
            layers = written.after(layers, event, EventNumbers.of(event));
        }
        written.strides.clear();
        for (long state = 64; state < CHANGES / 2; state += 64) {
            int level = state % (64 * 64) == 0 ? 2 : 1;
            long base = state - (level == 1 ? 64 : 64 * 64);
            EventNumbers numbers = Objects.requireNonNull(written.states.get(state))
                    .difference(Objects.requireNonNull(written.states.get(base)));
            written.strides.put(state, new Difference(state, base, level, 1, numbers));
        }
        layers = StateLayers.of(layers.state(), written.way(layers.state()));
        for (long event = CHANGES / 2; event <= CHANGES; event++) {
            layers = written.after(layers, event, EventNumbers.of(event, event - 1_000));
        }
        written.states.forEach(
                (state, events) -> assertThat(written.read(state)).isEqualTo(events));
        assertThat(written.way(CHANGES)).hasSizeLessThan(4 * StateLayers.STEPS + 64);
        assertThat(StateLayers.of(CHANGES, written.way(CHANGES))).isEqualTo(layers);
    }

    @Test
    void layersThatAreReadGoOnLikeThoseThatWereKept() {
        Random random = new Random(3);
        Written written = new Written();
        List<StateLayers> branches = new ArrayList<>(List.of(StateLayers.EMPTY));
        for (long name = 1; name <= CHANGES; name++) {
            int chosen = random.nextInt(branches.size());
            StateLayers before = branches.get(chosen);
            EventNumbers difference = EventNumbers.of(name, 1 + random.nextLong(name));
            StateLayers after = random.nextInt(50) == 0
                    ? written.resolved(before, name, difference)
                    : written.after(before, name, difference);
            assertThat(StateLayers.of(name, written.way(name))).isEqualTo(after);
            if (branches.size() < 4 && random.nextInt(100) == 0) {
                branches.add(after);
            } else {
                branches.set(chosen, after);
            }
        }
        written.states.forEach(
                (state, events) -> assertThat(written.read(state)).isEqualTo(events));
    }
}
