package io.myelin.matrix.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds several members of an event in one pass over its bytes; see {@link PduBytes}. */
public final class EventMembers {
    private final byte[][] names;

    public EventMembers(String... names) {
        this.names = Arrays.stream(names)
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /**
     * The values in the order of the names, strings with their quotes; null for a member that the event does not have.
     *
     * @param body an event as canonical JSON
     */
    public @Nullable ByteSlice[] in(byte[] body) {
        @Nullable ByteSlice[] found = new @Nullable ByteSlice[names.length];
        PduBytes.forEachMember(body, (start, end, value, valueEnd) -> {
            for (int i = 0; i < names.length; i++) {
                if (Arrays.equals(body, start, end, names[i], 0, names[i].length)) {
                    found[i] = new ByteSlice(body, value, valueEnd - value);
                }
            }
        });
        return found;
    }
}
