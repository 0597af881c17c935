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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One power level as it stands in an event. Up to version 9 it may be a string, and up to version 5 any number, of which the
 * integer part counts. Room versions 1 and 9, "Deprecated event content schemas". A level beyond 64 bits counts as the
 * largest, or smallest, of 64 bits.
 */
final class PowerLevel {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

    private PowerLevel() {}

    /** The level; empty if there is none, or this is none in that version. */
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
            return OptionalLong.of(within64Bits(decimal.text()));
        }
        double level = Double.parseDouble(decimal.text());
        return Double.isInfinite(level) ? OptionalLong.empty() : OptionalLong.of((long) level);
    }

    private static OptionalLong string(String text) {
        String stripped = text.strip();
        return INTEGER.matcher(stripped).matches() ? OptionalLong.of(within64Bits(stripped)) : OptionalLong.empty();
    }

    private static long within64Bits(String integer) {
        var level = new BigInteger(integer);
        if (level.bitLength() < Long.SIZE) {
            return level.longValue();
        }
        return level.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
