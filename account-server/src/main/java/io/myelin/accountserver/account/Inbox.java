package io.myelin.accountserver.account;

import java.util.Arrays;

/**
 * The to-device messages that wait for a device: their numbers and sizes. When a further one exceeds a limit, the oldest give
 * way: a device that has been away for long needs the newest keys first, and would ask for older ones anyway.
 *
 * <p>When a device is removed its rows go with it, but its inbox in memory stays as it was. That does no harm: should the
 * device come again, the messages that are gone are the first to give way.
 */
public final class Inbox implements UserState {
    /** How many messages wait for a device at most. */
    static final int MOST_MESSAGES = 10_000;

    /** How many bytes of content wait for a device at most. */
    static final long MOST_BYTES = 16L << 20;

    /** How long a message waits at most, in milliseconds. */
    public static final long KEPT_MILLIS = 90L * 24 * 3_600_000;

    public static final Inbox EMPTY = new Inbox(new long[0], new int[0]);

    private static final int ITSELF = 120;
    private static final int MESSAGE = Long.BYTES + Integer.BYTES;

    private final long[] numbers;
    private final int[] sizes;
    private final long bytes;

    /**
     * @param numbers of the messages, rising; not changed by anybody afterwards
     * @param sizes of their content, in bytes; likewise
     */
    public Inbox(long[] numbers, int[] sizes) {
        this.numbers = numbers;
        this.sizes = sizes;
        this.bytes = Arrays.stream(sizes).asLongStream().sum();
    }

    /**
     * The inbox with a further message.
     *
     * @param droppedUpTo the number of the last message that gave way; 0 if none did
     */
    record Grown(Inbox inbox, long droppedUpTo) {}

    Grown with(long number, int size) {
        int drop = 0;
        long kept = bytes;
        while (drop < numbers.length && (numbers.length - drop >= MOST_MESSAGES || kept + size > MOST_BYTES)) {
            kept -= sizes[drop++];
        }
        int left = numbers.length - drop;
        long[] newNumbers = Arrays.copyOfRange(numbers, drop, drop + left + 1);
        int[] newSizes = Arrays.copyOfRange(sizes, drop, drop + left + 1);
        newNumbers[left] = number;
        newSizes[left] = size;
        return new Grown(new Inbox(newNumbers, newSizes), drop == 0 ? 0 : numbers[drop - 1]);
    }

    /** The inbox without the messages up to a number. */
    Inbox after(long number) {
        int found = Arrays.binarySearch(numbers, number);
        int from = found >= 0 ? found + 1 : -found - 1;
        return from == 0
                ? this
                : new Inbox(
                        Arrays.copyOfRange(numbers, from, numbers.length),
                        Arrays.copyOfRange(sizes, from, sizes.length));
    }

    int size() {
        return numbers.length;
    }

    /** The number of the oldest message; there must be one. */
    long first() {
        return numbers[0];
    }

    /** The number of the newest message; there must be one. */
    long last() {
        return numbers[numbers.length - 1];
    }

    long bytesInMemory() {
        return ITSELF + (long) numbers.length * MESSAGE;
    }
}
