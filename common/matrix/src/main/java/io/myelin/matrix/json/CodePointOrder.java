package io.myelin.matrix.json;

/**
 * Orders strings by Unicode code point, as canonical JSON sorts names. {@link String#compareTo} orders by UTF-16 code
 * unit, which puts U+10000 and above before U+E000 to U+FFFF.
 */
public final class CodePointOrder {
    private CodePointOrder() {}

    public static int compare(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return rank(x) - rank(y);
            }
        }
        return a.length() - b.length();
    }

    /** Moves surrogates behind the rest of the basic plane and keeps every other order. */
    private static int rank(char unit) {
        if (unit < Character.MIN_SURROGATE) {
            return unit;
        }
        return unit <= Character.MAX_SURROGATE ? unit + 0x2000 : unit - 0x800;
    }
}
