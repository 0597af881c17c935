package io.myelin.matrix.resolution;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The order of room version 1: by the depth in the event and, for equal depths, by the SHA-1 of the event ID. */
final class DepthOrdering {
    private static final Comparator<Placed> DEEPEST_FIRST =
            Comparator.comparingLong(Placed::depth).reversed().thenComparing(Placed::hash, Arrays::compareUnsigned);

    private DepthOrdering() {}

    /** An event with the values that it is compared by. */
    @SuppressWarnings("ArrayRecordComponent") // compared by the comparator only
    private record Placed(Pdu event, long depth, byte[] hash) {}

    /** Sorts the deepest events first, and of one depth the smallest hash first. */
    static List<Pdu> deepestFirst(Collection<Pdu> events) {
        return events.stream()
                .map(event -> new Placed(event, event.depth(), sha1(event.eventId())))
                .sorted(DEEPEST_FIRST)
                .map(Placed::event)
                .toList();
    }

    private static byte[] sha1(EventId id) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(id.value().getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1.", e);
        }
    }
}
