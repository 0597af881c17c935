package io.myelin.roomserver.federated;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * An order of arrival from a seed: neighbours change places, some events come late, so that there is a gap until then, and
 * some come twice. All of them arrive.
 */
public final class Shuffle {
    /** How far an event usually strays, in places. */
    static final int WINDOW = 4;

    /** How late a late event may be, in places. */
    static final int LATEST = 25;

    private static final int PERCENT_LATE = 8;
    private static final int PERCENT_TWICE = 12;

    /** An event on its way. */
    private record Arrival<T>(T event, int place) {}

    private Shuffle() {}

    /** Shuffles events that are in an order in which none cites a later one. */
    public static <T> List<T> of(List<T> events, long seed) {
        var random = new Random(seed);
        List<Arrival<T>> arrivals = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            T event = events.get(i);
            int delay = random.nextInt(100) < PERCENT_LATE ? LATEST : WINDOW;
            arrivals.add(new Arrival<>(event, i + random.nextInt(delay)));
            if (random.nextInt(100) < PERCENT_TWICE) {
                arrivals.add(new Arrival<>(event, i + random.nextInt(LATEST)));
            }
        }
        arrivals.sort(Comparator.comparingInt(Arrival::place));
        return arrivals.stream().map(Arrival::event).toList();
    }
}
