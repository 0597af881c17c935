package io.myelin.roomserver.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a state is stored relative to other states of its room.
 *
 * <p>Each state but the empty one is stored as a difference from the state that it came from, which a state event's row says
 * already. So that nobody has to go back a hundred thousand steps, every {@value #STEPS}th state is a landmark, which is
 * stored as a difference from the last greater landmark. Every {@value #STEPS}th of those is a greater one, which is stored
 * as a difference from the last one that is greater still; and so on. Any state is then some {@value #STEPS} steps away from
 * a landmark, from which one difference of each kind leads to the empty state. A change is repeated in all differences from
 * the same landmark after it, in two bytes or so each: some {@value #STEPS} bytes for each kind.
 *
 * <p>A landmark contains all changes since the last greater one, which may be many. Other servers can make as many states as
 * they like out of one state, by forking the room there. So only one in {@value #SIBLINGS} of the states that are due
 * becomes a landmark, chosen by its number. The states after the others go a few steps further until one of them becomes a
 * landmark.
 *
 * @param state its name, 0 for the empty one
 * @param layers for each length of stride, shortest first, what has changed since the last greater landmark
 */
public record StateLayers(long state, List<Layer> layers) {

    public static final int STEPS = 32;

    static final int SIBLINGS = 8;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    public static final StateLayers EMPTY = new StateLayers(0, List.of());

    /**
     * What has changed since a state.
     *
     * @param base names that state
     * @param steps how many strides it is away
     */
    public record Layer(long base, int steps, EventNumbers difference) {

        static final Layer FIRST = new Layer(0, 0, EventNumbers.NONE);

        Layer step(EventNumbers next) {
            return new Layer(base, steps + 1, difference.difference(next));
        }
    }

    /**
     * A state as a difference from another one.
     *
     * @param level the length of the strides between them
     * @param steps how many strides there are
     */
    public record Difference(long state, long base, int level, int steps, EventNumbers numbers) {}

    /** @param written the difference that is to be stored; null if the state event says all */
    public record Next(StateLayers layers, @Nullable Difference written) {}

    /** The state after a state event, which is named after it. */
    public Next after(long event, EventNumbers difference) {
        return next(event, difference, false);
    }

    /** A state that no event makes, such as a resolved one. */
    public Next resolved(long name, EventNumbers difference) {
        return next(name, difference, true);
    }

    private Next next(long name, EventNumbers step, boolean isWritten) {
        List<Layer> after = new ArrayList<>(layers);
        Difference written = isWritten ? new Difference(name, state, 0, 1, step) : null;
        EventNumbers stride = step;
        for (int level = 0; ; level++) {
            if (level == after.size()) {
                after.add(Layer.FIRST);
            }
            Layer layer = after.get(level).step(stride);
            if (level > 0) {
                written = new Difference(name, layer.base(), level, layer.steps(), layer.difference());
            }
            if (layer.steps() < STEPS || !becomesLandmark(name, level)) {
                after.set(level, layer);
                return new Next(new StateLayers(name, List.copyOf(after)), written);
            }
            after.set(level, new Layer(name, 0, EventNumbers.NONE));
            stride = layer.difference();
        }
    }

    /** Whether a state that is due to become a landmark of a level does. Each level chooses other numbers. */
    static boolean becomesLandmark(long name, int level) {
        long mixed = (name + 1) * GOLDEN_RATIO * (2L * level + 1);
        return (mixed ^ (mixed >>> Integer.SIZE)) % SIBLINGS == 0;
    }

    /**
     * The layers of a state, from the way back to the empty one.
     *
     * @param way the differences from the state on: each leads to the next one's state, the last one to the empty state
     */
    public static StateLayers of(long state, List<Difference> way) {
        List<Layer> layers = new ArrayList<>();
        List<Difference> gathered = new ArrayList<>();
        for (Difference difference : way) {
            while (difference.level() > layers.size()) {
                layers.add(layer(difference.state(), gathered));
                gathered.clear();
            }
            gathered.add(difference);
        }
        if (!gathered.isEmpty()) {
            layers.add(layer(0, gathered));
        }
        return new StateLayers(state, List.copyOf(layers));
    }

    private static Layer layer(long base, List<Difference> gathered) {
        return new Layer(
                base,
                gathered.stream().mapToInt(Difference::steps).sum(),
                EventNumbers.differenceOf(
                        gathered.stream().map(Difference::numbers).toList()));
    }
}
