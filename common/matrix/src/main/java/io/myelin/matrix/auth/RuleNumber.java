package io.myelin.matrix.auth;

import static io.myelin.matrix.room.RoomRule.ALIASES_OF_SERVERS;
import static io.myelin.matrix.room.RoomRule.CREATE_IN_AUTH_EVENTS;
import static io.myelin.matrix.room.RoomRule.CREATOR_IN_CONTENT;
import static io.myelin.matrix.room.RoomRule.INFINITE_POWER_CREATORS;
import static io.myelin.matrix.room.RoomRule.INTEGER_POWER_LEVELS;
import static io.myelin.matrix.room.RoomRule.KNOCK;
import static io.myelin.matrix.room.RoomRule.REDACTIONS_NEED_POWER;
import static io.myelin.matrix.room.RoomRule.RESTRICTED_JOINS;
import static io.myelin.matrix.room.RoomRule.ROOM_ID_IS_CREATE_EVENT_HASH;

import io.myelin.matrix.auth.AuthResult.Rejected;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomRule;
import io.myelin.matrix.room.RoomVersion;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Translates rule numbers. The code numbers rules as version 12 does. A rule that version 12 no longer has gets the number
 * of the rule before it and an {@code a}: {@code 4a} was between 4 and 5. Each version numbers the rules that it has, so
 * one rule has different numbers in different versions.
 */
final class RuleNumber {
    /** The rules that not every version has, each with the feature of the versions that have it. */
    private static final Map<String, RoomRule> OF_SOME_VERSIONS = Map.ofEntries(
            Map.entry("1.3a", CREATOR_IN_CONTENT),
            Map.entry("1.4", INFINITE_POWER_CREATORS),
            Map.entry("2", ROOM_ID_IS_CREATE_EVENT_HASH),
            Map.entry("3.3a", CREATE_IN_AUTH_EVENTS),
            Map.entry("4a", ALIASES_OF_SERVERS),
            Map.entry("5.2", RESTRICTED_JOINS),
            Map.entry("5.3.5", RESTRICTED_JOINS),
            Map.entry("5.7", KNOCK),
            Map.entry("10.1", INTEGER_POWER_LEVELS),
            Map.entry("10.2", INTEGER_POWER_LEVELS),
            Map.entry("10.4", INFINITE_POWER_CREATORS),
            Map.entry("10a", REDACTIONS_NEED_POWER));

    private RuleNumber() {}

    /** Rejects the event by the rule that has this number in version 12. */
    static Rejected rejected(Pdu event, String numberIn12, String reason) {
        return new Rejected(in(event.version(), numberIn12), reason);
    }

    static String in(RoomVersion version, String numberIn12) {
        var number = new StringJoiner(".");
        String list = "";
        for (String step : numberIn12.split("\\.", -1)) {
            number.add(Integer.toString(place(version, list, step)));
            list += step + ".";
        }
        return number.toString();
    }

    /**
     * The number in version 12, minus the earlier rules that this version lacks, plus the earlier rules that it has and
     * version 12 lacks.
     */
    private static int place(RoomVersion version, String list, String step) {
        int place = digits(step);
        for (Map.Entry<String, RoomRule> rule : OF_SOME_VERSIONS.entrySet()) {
            if (isIn(list, rule.getKey())) {
                String other = rule.getKey().substring(list.length());
                boolean has = version.has(rule.getValue());
                if (isGone(other) && has && !isBefore(step, other)) {
                    place++;
                } else if (!isGone(other) && !has && isBefore(other, step)) {
                    place--;
                }
            }
        }
        return place;
    }

    private static boolean isIn(String list, String rule) {
        return rule.startsWith(list) && rule.indexOf('.', list.length()) < 0;
    }

    private static boolean isBefore(String step, String other) {
        return digits(step) < digits(other) || (digits(step) == digits(other) && !isGone(step) && isGone(other));
    }

    private static boolean isGone(String step) {
        return step.endsWith("a");
    }

    private static int digits(String step) {
        return Integer.parseInt(isGone(step) ? step.substring(0, step.length() - 1) : step);
    }
}
