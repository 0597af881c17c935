package io.myelin.matrix.json;

import io.myelin.matrix.json.InvalidJson.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * The numbers of events in room versions 1 to 5, which may be any JSON numbers. The specification does not say as which
 * bytes such a number is hashed and signed. This class does what Synapse does, which made nearly all of these events.
 * Synapse is written in Python: integers of any size are written as they are, everything else is read as an IEEE 754 double
 * and written as the shortest decimal that reads back as the same double, so {@code 1.50} becomes {@code 1.5} and {@code
 * 1e3} becomes {@code 1000.0}.
 *
 * <p>Servers need not agree on this. A server that hashes numbers as they were sent agrees only if Python writes them so,
 * and a server in another language may write exponents in another way ({@code 1e16} for {@code 1e+16}).
 */
public final class HistoricalNumbers {
    /** Python writes doubles from 10^16 on with an exponent, and those below 10^-4. */
    private static final int MAX_POINT = 16;

    private static final int MIN_POINT = -3;

    private HistoricalNumbers() {}

    /** Whether the value is, or contains, a number that canonical JSON does not have. */
    public static boolean occurIn(Json value) {
        Deque<Json> unseen = new ArrayDeque<>();
        unseen.push(value);
        while (!unseen.isEmpty()) {
            switch (unseen.pop()) {
                case JsonDecimal _ -> {
                    return true;
                }
                case JsonObject object -> {
                    for (int i = 0; i < object.size(); i++) {
                        push(object.valueAt(i), unseen);
                    }
                }
                case JsonArray array -> array.forEach(element -> push(element, unseen));
                case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> {
                    // no such number
                }
            }
        }
        return false;
    }

    private static void push(Json value, Deque<Json> unseen) {
        if (value instanceof JsonDecimal || value instanceof JsonObject || value instanceof JsonArray) {
            unseen.push(value);
        }
    }

    /**
     * The same value with every number in the form that is hashed and signed.
     *
     * @throws InvalidJson if a number is beyond what a double can hold, which no server accepts
     */
    public static Json written(Json value) {
        return switch (value) {
            case JsonDecimal decimal -> decimal.isInteger() ? decimal : new JsonDecimal(written(decimal.text()));
            case JsonObject object -> written(object);
            case JsonArray array -> written(array);
            case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> value;
        };
    }

    /** As {@link #written(Json)}. */
    public static JsonObject written(JsonObject object) {
        var builder = JsonObject.builder();
        for (int i = 0; i < object.size(); i++) {
            builder.put(object.nameAt(i), written(object.valueAt(i)));
        }
        return builder.build();
    }

    private static JsonArray written(JsonArray array) {
        List<Json> values = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            values.add(written(array.get(i)));
        }
        return new JsonArray(values);
    }

    private static String written(String number) {
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value)) {
            throw new InvalidJson(Kind.UNACCEPTABLE, "A number is beyond what 64 bits of floating point hold.");
        }
        String sign = number.startsWith("-") ? "-" : "";
        return sign + (value == 0 ? "0.0" : python(shortest(Math.abs(value))));
    }

    /** The shortest decimal of a double. Java's text of a double has at least two digits, even if one is enough. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal shorter = exact.round(new MathContext(1));
        return exact.precision() == 2 && shorter.doubleValue() == value ? shorter.stripTrailingZeros() : exact;
    }

    /** The digits with a decimal point, or with an exponent of two digits at least. */
    private static String python(BigDecimal value) {
        String digits = value.unscaledValue().toString();
        int point = digits.length() - value.scale(); // its position, counted from before the first digit
        if (point < MIN_POINT || point > MAX_POINT) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return String.format(Locale.ROOT, "%c%se%+03d", digits.charAt(0), fraction, point - 1);
        }
        String plain = value.toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
}
