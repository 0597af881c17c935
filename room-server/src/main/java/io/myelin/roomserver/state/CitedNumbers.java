package io.myelin.roomserver.state;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Encodes the numbers of the events that permit one event in a few bytes: how far the newest is before the event, then how
 * far each next one is before that, seven bits to a byte. A member of a large room takes some eight bytes; a bitmap would
 * take seventy.
 */
public final class CitedNumbers {

    private static final int BITS = 7;
    private static final long GROUP = (1 << BITS) - 1;
    private static final int MORE = 1 << BITS;

    private CitedNumbers() {}

    public static byte[] toBytes(long event, Collection<Long> cited) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long last = event;
        for (long number :
                cited.stream().distinct().sorted(Comparator.reverseOrder()).toList()) {
            write(last - number, bytes);
            last = number;
        }
        return bytes.toByteArray();
    }

    private static void write(long distance, ByteArrayOutputStream bytes) {
        long rest = distance;
        while (rest != (rest & GROUP)) {
            bytes.write((int) (rest & GROUP) | MORE);
            rest >>>= BITS;
        }
        bytes.write((int) rest);
    }

    /** Reads what {@link #toBytes} wrote for this event; newest first. */
    public static List<Long> parse(long event, byte[] bytes) {
        List<Long> cited = new ArrayList<>();
        long last = event;
        for (int at = 0; at < bytes.length; ) {
            long distance = 0;
            int shift = 0;
            byte next;
            do {
                next = bytes[at++];
                distance |= (next & GROUP) << shift;
                shift += BITS;
            } while ((next & MORE) != 0);
            last -= distance;
            cited.add(last);
        }
        return cited;
    }
}
