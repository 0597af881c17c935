package io.myelin.matrix.json;

/** Checks bytes that claim to be JSON text in UTF-8, more strictly than Jackson does. */
final class Utf8 {
    private Utf8() {}

    /**
     * The index of the first byte that is not allowed there in JSON text in UTF-8, or −1. Not allowed are overlong forms,
     * surrogates, code points above U+10FFFF, NUL (which also betrays UTF-16 and UTF-32), and a byte order mark at the
     * start.
     */
    static int firstInvalid(byte[] text) {
        if (text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF) {
            return 0;
        }
        int i = 0;
        while (i < text.length) {
            int lead = text[i];
            if (lead > 0) {
                i++;
            } else {
                int length = sequence(text, i);
                if (length == 0) {
                    return i;
                }
                i += length;
            }
        }
        return -1;
    }

    /** The length of the well-formed multi-byte sequence at this index, or 0 (Unicode standard, table 3-7). */
    private static int sequence(byte[] text, int at) {
        int lead = text[at] & 0xFF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return continues(text, at + 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            int low = lead == 0xE0 ? 0xA0 : 0x80;
            int high = lead == 0xED ? 0x9F : 0xBF;
            return continues(text, at + 1, low, high) && continues(text, at + 2, 0x80, 0xBF) ? 3 : 0;
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            int low = lead == 0xF0 ? 0x90 : 0x80;
            int high = lead == 0xF4 ? 0x8F : 0xBF;
            return continues(text, at + 1, low, high)
                            && continues(text, at + 2, 0x80, 0xBF)
                            && continues(text, at + 3, 0x80, 0xBF)
                    ? 4
                    : 0;
        }
        return 0;
    }

    private static boolean continues(byte[] text, int at, int low, int high) {
        return at < text.length && (text[at] & 0xFF) >= low && (text[at] & 0xFF) <= high;
    }
}
