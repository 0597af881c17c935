package io.myelin.kafka.trace;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A span of a trace, as others refer to it: the value of the header {@value #HEADER} of requests and of records. Source:
 * W3C Trace Context, "Traceparent Header".
 *
 * @param trace 32 hexadecimal digits in lower case, not all zero
 * @param span 16 of these, not all zero
 * @param sampled whether spans of the trace are recorded
 */
public record TraceParent(String trace, String span, boolean sampled) {
    public static final String HEADER = "traceparent";

    private static final String VERSION = "00";

    /** Longer values are of a later version, and begin alike. */
    private static final int LENGTH = 55;

    private static final int MOST_LENGTH = 512;

    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** Null if there is no such header, or it is not of the specified form. */
    public static @Nullable TraceParent parse(@Nullable String value) {
        if (value == null || value.length() < LENGTH || value.length() > MOST_LENGTH) {
            return null;
        }
        String known = value.substring(0, LENGTH);
        boolean longer = value.length() > LENGTH;
        if (!FORM.matcher(known).matches() || (longer && (known.startsWith(VERSION) || value.charAt(LENGTH) != '-'))) {
            return null;
        }
        boolean sampled = (Character.digit(known.charAt(LENGTH - 1), 16) & 1) == 1;
        return new TraceParent(known.substring(3, 35), known.substring(36, 52), sampled);
    }

    /** The span that a record belongs to; null if none is recorded. */
    public static @Nullable TraceParent of(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null || header.value().length > MOST_LENGTH) {
            return null;
        }
        TraceParent parent = parse(new String(header.value(), StandardCharsets.ISO_8859_1));
        return parent == null || !parent.sampled ? null : parent;
    }

    /** Adds the header to a record that has not been sent. */
    public void addTo(Headers headers) {
        headers.add(HEADER, toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The header's value. */
    @Override
    public String toString() {
        return VERSION + "-" + trace + "-" + span + (sampled ? "-01" : "-00");
    }
}
