package io.myelin.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A request with a number of fixed width in it, such as a transaction ID; copies differ only in this number. */
final class NumberedRequest {

    /** Marks the place of the number in the template. */
    static final String NUMBER = "0000000000";

    private final byte[] template;
    private final int at;

    NumberedRequest(byte[] template) {
        this.template = template;
        this.at = new String(template, StandardCharsets.ISO_8859_1).indexOf(NUMBER);
        if (at < 0) {
            throw new IllegalArgumentException("no number in the template");
        }
    }

    /** @param number from 0, at most ten digits; higher digits are dropped */
    byte[] with(long number) {
        var request = Arrays.copyOf(template, template.length);
        var rest = number;
        for (var i = at + NUMBER.length() - 1; i >= at; i--) {
            request[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return request;
    }
}
