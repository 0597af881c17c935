package io.myelin.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something may be done: {@code burst} times at once, and for long {@code count} times in a {@code period}.
 *
 * @param burst 0 for no limit
 */
public record Rate(int burst, int count, Duration period) {
    /** The form of a setting, for {@link Setting#pattern}. */
    public static final String PATTERN =
            "(?:([1-9][0-9]{0,6}) at once, ([1-9][0-9]{0,6}) per (second|minute|hour)|unlimited)";

    /** {@link #PATTERN} in words, for {@link Setting#form}. */
    public static final String FORM = "such as `10 at once, 12 per minute` (or per second, per hour), or `unlimited`";

    public static final Rate UNLIMITED = new Rate(0, 0, Duration.ofSeconds(1));

    private static final Pattern WRITTEN = Pattern.compile(PATTERN);

    /**
     * Reads a setting of the form {@link #PATTERN}.
     *
     * @throws IllegalArgumentException if it is of another form
     */
    public static Rate parse(String text) {
        Matcher parts = WRITTEN.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no rate " + FORM + ".");
        }
        return parts.group(1) == null
                ? UNLIMITED
                : new Rate(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), period(parts.group(3)));
    }

    private static Duration period(String unit) {
        return switch (unit) {
            case "second" -> Duration.ofSeconds(1);
            case "minute" -> Duration.ofMinutes(1);
            case "hour" -> Duration.ofHours(1);
            default -> throw new IllegalArgumentException(unit + " is no period.");
        };
    }

    /** So many at once and in each minute; 0 for no limit. */
    public static Rate perMinute(int count) {
        return count == 0 ? UNLIMITED : new Rate(count, count, Duration.ofMinutes(1));
    }

    public boolean isUnlimited() {
        return burst == 0;
    }
}
