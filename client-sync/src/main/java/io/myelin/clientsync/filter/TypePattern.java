package io.myelin.clientsync.filter;

import java.util.Collection;
import java.util.List;

/** An event type in which {@code *} stands for any sequence of characters. */
sealed interface TypePattern {

    boolean matches(String type);

    record Exactly(String type) implements TypePattern {
        @Override
        public boolean matches(String candidate) {
            return type.equals(candidate);
        }
    }

    /**
     * @param parts the texts between the stars, in order; the first begins the type and the last ends it
     */
    record Wildcard(List<String> parts) implements TypePattern {

        /** Takes each part where it is found first: no other choice could leave more for the rest. */
        @Override
        public boolean matches(String candidate) {
            String first = parts.getFirst();
            String last = parts.getLast();
            int end = candidate.length() - last.length();
            if (end < first.length() || !candidate.startsWith(first) || !candidate.endsWith(last)) {
                return false;
            }
            int at = first.length();
            for (String part : parts.subList(1, parts.size() - 1)) {
                int found = candidate.indexOf(part, at);
                if (found < 0 || found + part.length() > end) {
                    return false;
                }
                at = found + part.length();
            }
            return true;
        }
    }

    /** How many patterns with stars a list has at most: each event's type is compared with all of them. */
    int MOST_WILDCARDS = 100;

    /** @throws InvalidFilter if there are too many with stars */
    static List<TypePattern> of(Collection<String> types) {
        List<TypePattern> patterns = types.stream().map(TypePattern::of).toList();
        if (patterns.stream().filter(Wildcard.class::isInstance).count() > MOST_WILDCARDS) {
            throw new InvalidFilter("In a filter, a list of types has at most " + MOST_WILDCARDS + " with '*'.");
        }
        return patterns;
    }

    private static TypePattern of(String type) {
        return type.indexOf('*') < 0 ? new Exactly(type) : new Wildcard(List.of(type.split("\\*", -1)));
    }

    static boolean noneMatches(List<TypePattern> patterns, String type) {
        for (TypePattern pattern : patterns) {
            if (pattern.matches(type)) {
                return false;
            }
        }
        return true;
    }
}
