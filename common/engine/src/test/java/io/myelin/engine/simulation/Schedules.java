package io.myelin.engine.simulation;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs schedules by seed. */
final class Schedules {

    /** In so many schedules, each broken mechanic is noticed. */
    static final long ENOUGH = 6_000;

    private Schedules() {}

    /** The promise that a schedule breaks, with its story; null if it breaks none. */
    static @Nullable String run(long seed, Break broken) {
        if (play(new World(seed, broken, false)) == null) {
            return null;
        }
        World again = new World(seed, broken, true);
        String what = play(again);
        return what + "\n" + again.time.story() + "\nseed " + seed + ": " + what;
    }

    /** The broken promise without its story; null if none was broken. */
    static @Nullable String symptom(long seed, Break broken) {
        return play(new World(seed, broken, false));
    }

    private static @Nullable String play(World world) {
        try {
            world.run();
            return null;
        } catch (Broken promise) {
            return String.valueOf(promise.getMessage());
        } catch (RuntimeException bug) {
            return bug
                    + Arrays.stream(bug.getStackTrace())
                            .limit(8)
                            .map(frame -> "\n    at " + frame)
                            .collect(Collectors.joining());
        }
    }
}
