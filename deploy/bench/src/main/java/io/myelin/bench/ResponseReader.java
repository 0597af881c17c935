package io.myelin.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads HTTP/1.1 responses, one after another, from the stream of one connection (RFC 9112): bodies with a length, chunked,
 * or ended by the end of the stream. It reads only the header fields that it needs for that.
 */
final class ResponseReader {

    private static final int UNKNOWN = -1;
    private static final int LONGEST_HEAD = 64 * 1024;

    private final InputStream in;
    private byte[] buffer = new byte[2048];
    private int position;
    private int limit;
    private boolean reusable = true;

    ResponseReader(InputStream in) {
        this.in = in;
    }

    /** Whether another response may follow the last one on this connection. */
    boolean reusable() {
        return reusable;
    }

    /**
     * Waits for the next response.
     *
     * @throws ClosedBeforeResponse if the stream ends before the first byte
     * @throws IOException if the stream ends later, or is not HTTP
     */
    Answer read() throws IOException {
        while (true) {
            var head = head();
            if (head.status >= 200) {
                return new Answer(head.status, body(head));
            }
        }
    }

    private record Head(int status, int length, boolean chunked) {}

    private Head head() throws IOException {
        var statusLine = line(true);
        if (!statusLine.startsWith("HTTP/1.") || statusLine.length() < 12) {
            throw new IOException("not an HTTP response: " + statusLine);
        }
        var status = number(statusLine.substring(9, 12), 10);
        reusable = statusLine.charAt(7) != '0';
        var length = UNKNOWN;
        var chunked = false;
        for (var field = line(false); !field.isEmpty(); field = line(false)) {
            // Only three names matter. Their lengths differ, so most other names are skipped without a comparison.
            switch (field.indexOf(':')) {
                case 14 -> {
                    if (field.regionMatches(true, 0, "content-length", 0, 14)) {
                        length = number(field.substring(15).strip(), 10);
                    }
                }
                case 17 -> {
                    if (field.regionMatches(true, 0, "transfer-encoding", 0, 17)) {
                        chunked = field.toLowerCase(Locale.ROOT).endsWith("chunked");
                    }
                }
                case 10 -> {
                    if (field.regionMatches(true, 0, "connection", 0, 10)
                            && field.toLowerCase(Locale.ROOT).contains("close")) {
                        reusable = false;
                    }
                }
                default -> {}
            }
        }
        return new Head(status, status == 204 || status == 304 ? 0 : length, chunked);
    }

    private byte[] body(Head head) throws IOException {
        if (head.chunked) {
            return chunks();
        }
        if (head.length != UNKNOWN) {
            return exactly(head.length);
        }
        reusable = false;
        var rest = new ByteArrayOutputStream();
        rest.write(buffer, position, limit - position);
        position = limit;
        in.transferTo(rest);
        return rest.toByteArray();
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream(4096);
        while (true) {
            var header = line(false);
            var extension = header.indexOf(';');
            var length = number((extension < 0 ? header : header.substring(0, extension)).strip(), 16);
            if (length == 0) {
                while (!line(false).isEmpty()) {
                    continue; // trailer fields
                }
                return body.toByteArray();
            }
            body.writeBytes(exactly(length));
            if (!line(false).isEmpty()) {
                throw new IOException("a chunk is longer than it said");
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        var bytes = new byte[length];
        var buffered = Math.min(length, limit - position);
        System.arraycopy(buffer, position, bytes, 0, buffered);
        position += buffered;
        if (in.readNBytes(bytes, buffered, length - buffered) < length - buffered) {
            throw new EOFException("the connection was closed in the middle of a body");
        }
        return bytes;
    }

    private String line(boolean first) throws IOException {
        var scanned = position;
        while (true) {
            for (; scanned < limit; scanned++) {
                if (buffer[scanned] == '\n') {
                    var end = scanned > position && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
                    var line = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
                    position = scanned + 1;
                    return line;
                }
            }
            var pending = limit - position;
            fill(first && pending == 0);
            scanned = position + pending;
        }
    }

    private void fill(boolean nothingReadYet) throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (limit == buffer.length) {
            if (limit >= LONGEST_HEAD) {
                throw new IOException("a header longer than " + LONGEST_HEAD + " bytes");
            }
            buffer = Arrays.copyOf(buffer, 2 * limit);
        }
        var read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            throw nothingReadYet
                    ? new ClosedBeforeResponse()
                    : new EOFException("the connection was closed in the middle of a header");
        }
        limit += read;
    }

    private static int number(String digits, int radix) throws IOException {
        try {
            return Integer.parseInt(digits, radix);
        } catch (NumberFormatException notANumber) {
            throw new IOException("expected a number: " + digits, notANumber);
        }
    }

    /**
     * The server closed the connection without sending a byte of an answer; the connection may have been idle for too long.
     */
    static final class ClosedBeforeResponse extends EOFException {
        private static final long serialVersionUID = 1;

        ClosedBeforeResponse() {
            super("the connection was closed before an answer");
        }
    }
}
