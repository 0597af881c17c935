package io.myelin.matrix.event;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A part of an array that is not copied; the array must not change while the slice is in use. */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
public record ByteSlice(byte[] array, int offset, int length) {
    public void writeTo(OutputStream out) throws IOException {
        out.write(array, offset, length);
    }

    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The bytes as UTF-8. */
    @Override
    public String toString() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }
}
