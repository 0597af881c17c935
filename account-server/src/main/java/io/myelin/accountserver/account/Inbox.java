package io.myelin.accountserver.account;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.id.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The to-device messages that wait for a device: their numbers, sizes and senders. When a further one exceeds a limit, the
 * oldest of the sender who takes most of the inbox give way. So nobody can push out what others have sent; and a device that
 * has been away for long keeps the newest keys.
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

    public static final Inbox EMPTY = new Inbox(List.of());

    /** So many bytes take as much of an inbox as one message does. */
    private static final long BYTES_OF_A_MESSAGE = MOST_BYTES / MOST_MESSAGES;

    private static final int ITSELF = 120;
    private static final int MESSAGE = 2 * Long.BYTES + Integer.BYTES;

    private final long[] numbers;
    private final int[] sizes;
    private final long[] senders;
    private final long bytes;

    /**
     * A message.
     *
     * @param size of its content, in bytes
     * @param sender see {@link #sender}
     */
    public record Waiting(long number, int size, long sender) {}

    /** @param messages by their numbers, rising */
    public Inbox(List<Waiting> messages) {
        numbers = messages.stream().mapToLong(Waiting::number).toArray();
        sizes = messages.stream().mapToInt(Waiting::size).toArray();
        senders = messages.stream().mapToLong(Waiting::sender).toArray();
        bytes = messages.stream().mapToLong(Waiting::size).sum();
    }

    private Inbox(long[] numbers, int[] sizes, long[] senders, long bytes) {
        this.numbers = numbers;
        this.sizes = sizes;
        this.senders = senders;
        this.bytes = bytes;
    }

    /** Stands for a sender. A hash that nobody can aim at: senders with the same one would count as one. */
    public static long sender(UserId sender) {
        return ByteBuffer.wrap(Sha256.hash(sender.value().getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    /**
     * The inbox with a further message.
     *
     * @param gaveWay the numbers of the messages that gave way
     */
    record Grown(Inbox inbox, List<Long> gaveWay) {}

    Grown with(Waiting message) {
        if (numbers.length < MOST_MESSAGES && bytes + message.size() <= MOST_BYTES) {
            int count = numbers.length;
            long[] newNumbers = Arrays.copyOf(numbers, count + 1);
            int[] newSizes = Arrays.copyOf(sizes, count + 1);
            long[] newSenders = Arrays.copyOf(senders, count + 1);
            newNumbers[count] = message.number();
            newSizes[count] = message.size();
            newSenders[count] = message.sender();
            return new Grown(new Inbox(newNumbers, newSizes, newSenders, bytes + message.size()), List.of());
        }
        return makeRoom(message);
    }

    private Grown makeRoom(Waiting message) {
        List<Waiting> kept = new ArrayList<>(messages());
        Map<Long, Long> shares = new HashMap<>();
        kept.forEach(each -> shares.merge(each.sender(), share(each), Long::sum));
        shares.merge(message.sender(), share(message), Long::sum);
        List<Long> gaveWay = new ArrayList<>();
        long left = bytes;
        while (kept.size() >= MOST_MESSAGES || left + message.size() > MOST_BYTES) {
            int first = firstOfTheLargest(kept, shares);
            Waiting removed = kept.remove(first);
            shares.merge(removed.sender(), -share(removed), Long::sum);
            left -= removed.size();
            gaveWay.add(removed.number());
        }
        kept.add(message);
        return new Grown(new Inbox(kept), gaveWay);
    }

    /** The oldest message of the sender with the largest share; the oldest of all if that sender has none yet. */
    private static int firstOfTheLargest(List<Waiting> kept, Map<Long, Long> shares) {
        long largest = shares.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow();
        for (int at = 0; at < kept.size(); at++) {
            if (kept.get(at).sender() == largest) {
                return at;
            }
        }
        return 0;
    }

    private static long share(Waiting message) {
        return message.size() + BYTES_OF_A_MESSAGE;
    }

    private List<Waiting> messages() {
        List<Waiting> messages = new ArrayList<>(numbers.length + 1);
        for (int at = 0; at < numbers.length; at++) {
            messages.add(new Waiting(numbers[at], sizes[at], senders[at]));
        }
        return messages;
    }

    /** The inbox without the messages up to a number. */
    Inbox after(long number) {
        if (numbers.length == 0 || numbers[0] > number) {
            return this;
        }
        return new Inbox(
                messages().stream().filter(message -> message.number() > number).toList());
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
