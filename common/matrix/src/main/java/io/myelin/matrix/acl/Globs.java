package io.myelin.matrix.acl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A list of patterns, in which {@code *} matches any text, even none, and {@code ?} any character. Lists are long and
 * consist mostly of plain names, which are looked up in a set. Appendices, "Glob-style matching".
 */
public final class Globs {
    private final Set<String> names = new HashSet<>();
    private final List<String> patterns = new ArrayList<>();

    /** Patterns for text in any case. */
    public Globs(Stream<String> globs) {
        globs.map(glob -> glob.toLowerCase(Locale.ROOT))
                .forEach(glob -> (isPattern(glob) ? patterns : names).add(glob));
    }

    /** Whether one of the patterns matches this text, which is in lower case. */
    public boolean match(String text) {
        return names.contains(text) || patterns.stream().anyMatch(pattern -> matches(pattern, text));
    }

    private static boolean isPattern(String glob) {
        return glob.indexOf('*') >= 0 || glob.indexOf('?') >= 0;
    }

    /**
     * When the text does not match, only the last {@code *} takes more text: it can take whatever an earlier one could. So
     * the time is at most the product of the two lengths, whatever pattern an event has.
     */
    private static boolean matches(String pattern, String text) {
        int inPattern = 0;
        int inText = 0;
        int afterStar = -1;
        int takenByStar = 0;
        while (inText < text.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                afterStar = ++inPattern;
                takenByStar = inText;
            } else if (inPattern < pattern.length() && isOne(pattern.charAt(inPattern), text.charAt(inText))) {
                inPattern++;
                inText++;
            } else if (afterStar >= 0) {
                inPattern = afterStar;
                inText = ++takenByStar;
            } else {
                return false;
            }
        }
        return pattern.substring(inPattern).chars().allMatch(rest -> rest == '*');
    }

    private static boolean isOne(char wanted, char character) {
        return wanted == '?' || wanted == character;
    }
}
