package io.myelin.engine.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** The clock, the agenda and the random numbers of one schedule. */
final class Timeline {

    private static final int REMEMBERED = 4_000;

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final SplittableRandom random;
    private final boolean tracing;
    private final Deque<String> trace = new ArrayDeque<>();
    private long now = 1_000_000;
    private long order;

    Timeline(long seed, boolean tracing) {
        random = new SplittableRandom(seed);
        this.tracing = tracing;
    }

    long now() {
        return now;
    }

    /** How many events there have been. */
    long events() {
        return order;
    }

    void after(long millis, Runnable action) {
        events.add(new Event(now + millis, order++, action));
    }

    /** Lets the next event happen, unless it is later than that. */
    boolean next(long until) {
        Event event = events.peek();
        if (event == null || event.at > until) {
            now = Math.max(now, until);
            return false;
        }
        events.remove();
        now = event.at;
        event.action.run();
        return true;
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int from, int to) {
        return from + random.nextInt(to - from + 1);
    }

    long bits() {
        return random.nextLong();
    }

    void trace(String format, Object... about) {
        if (tracing) {
            if (trace.size() == REMEMBERED) {
                trace.removeFirst();
            }
            trace.add(String.format("%7d ", now - 1_000_000) + String.format(format, about));
        }
    }

    String story() {
        return String.join("\n", trace);
    }
}
