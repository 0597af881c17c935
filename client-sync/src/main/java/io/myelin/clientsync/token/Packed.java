package io.myelin.clientsync.token;

import java.io.ByteArrayOutputStream;
import java.util.Base64;

/** Numbers as a short text: variable length, seven bits a byte, in URL-safe base64. */
final class Packed {

    private Packed() {}

    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(96);

        Writer put(long number) {
            long rest = number;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
            return this;
        }

        Writer put(Writer section) {
            byte[] bytes = section.out.toByteArray();
            put(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        String toText() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
        }
    }

    static final class Reader {
        private final byte[] bytes;
        private int at;
        private final int end;

        private Reader(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        static Reader of(String text) {
            try {
                byte[] bytes = Base64.getUrlDecoder().decode(text);
                return new Reader(bytes, 0, bytes.length);
            } catch (IllegalArgumentException e) {
                throw new InvalidToken("The token is not one of this server's.");
            }
        }

        boolean hasMore() {
            return at < end;
        }

        long number() {
            long number = 0;
            for (int shift = 0; shift < 64 && at < end; shift += 7) {
                byte next = bytes[at++];
                number |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    return number;
                }
            }
            throw new InvalidToken("The token ends too early.");
        }

        /** A number that is not negative. */
        long count() {
            long number = number();
            if (number < 0) {
                throw new InvalidToken("The token has a number that is out of range.");
            }
            return number;
        }

        Reader section() {
            long length = count();
            if (length > end - at) {
                throw new InvalidToken("The token ends too early.");
            }
            at += (int) length;
            return new Reader(bytes, at - (int) length, at);
        }
    }
}
