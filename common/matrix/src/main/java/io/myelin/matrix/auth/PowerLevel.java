package io.myelin.matrix.auth;

import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonBoolean;
import io.myelin.matrix.json.JsonDecimal;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.room.RoomVersion;
import java.math.BigInteger;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a power level in an event. Up to version 9 the level may be a string, and up to version 5 any number, of which the
 * integer part counts. Room versions 1 and 9, "Deprecated event content schemas". A level beyond 64 bits counts as the
 * largest, or smallest, of 64 bits; text of more than {@value #MOST_DIGITS} digits is no level, as in servers written in
 * Python.
 */
final class PowerLevel {
    /** The most digits of an integer that Python reads. */
    static final int MOST_DIGITS = 4_300;

    /** Every integer of this many digits fits into 64 bits. */
    private static final int DIGITS_OF_LONG = 18;

    private PowerLevel() {}

    /** The level; empty if there is none, or the value is not a level in that version. */
    static OptionalLong read(RoomVersion version, @Nullable Json value) {
        return switch (value) {
            case JsonNumber(long level) -> OptionalLong.of(level);
            case JsonDecimal decimal -> number(decimal);
            case JsonString(String text) -> version.integerPowerLevelsStrict() ? OptionalLong.empty() : string(text);
            case JsonObject _, JsonArray _, JsonBoolean _, JsonNull _ -> OptionalLong.empty();
            case null -> OptionalLong.empty();
        };
    }

    private static OptionalLong number(JsonDecimal decimal) {
        if (decimal.isInteger()) {
            return integer(decimal.text());
        }
        double level = Double.parseDouble(decimal.text());
        return Double.isInfinite(level) ? OptionalLong.empty() : OptionalLong.of((long) level);
    }

    private static OptionalLong string(String text) {
        return integer(text.strip());
    }

    /** Reads an integer of 64 bits; of a longer one it only checks that all characters are digits. */
    private static OptionalLong integer(String text) {
        boolean isNegative = text.startsWith("-");
        int from = isNegative || text.startsWith("+") ? 1 : 0;
        if (text.length() == from || text.length() - from > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        int first = text.length();
        for (int at = text.length() - 1; at >= from; at--) {
            char digit = text.charAt(at);
            if (digit < '0' || digit > '9') {
                return OptionalLong.empty();
            }
            if (digit != '0') {
                first = at;
            }
        }
        return OptionalLong.of(within64Bits(text.substring(first), isNegative));
    }

    private static long within64Bits(String digits, boolean isNegative) {
        if (digits.length() <= DIGITS_OF_LONG) {
            long level = digits.isEmpty() ? 0 : Long.parseLong(digits);
            return isNegative ? -level : level;
        }
        long beyond = isNegative ? Long.MIN_VALUE : Long.MAX_VALUE;
        if (digits.length() > DIGITS_OF_LONG + 1) {
            return beyond;
        }
        BigInteger level = new BigInteger(isNegative ? "-" + digits : digits);
        return level.bitLength() < Long.SIZE ? level.longValue() : beyond;
    }
}
