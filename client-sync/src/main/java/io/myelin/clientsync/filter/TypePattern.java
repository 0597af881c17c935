package io.myelin.clientsync.filter;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An event type in which {@code *} stands for any sequence of characters. */
sealed interface TypePattern {

    boolean matches(String type);

    record Exactly(String type) implements TypePattern {
        @Override
        public boolean matches(String candidate) {
            return type.equals(candidate);
        }
    }

    record Wildcard(Pattern pattern) implements TypePattern {
        @Override
        public boolean matches(String candidate) {
            return pattern.matcher(candidate).matches();
        }
    }

    static List<TypePattern> of(Collection<String> types) {
        return types.stream().map(TypePattern::of).toList();
    }

    private static TypePattern of(String type) {
        if (type.indexOf('*') < 0) {
            return new Exactly(type);
        }
        // Possessive between the literals would be wrong; runs of stars are one, so that matching stays cheap.
        String regex = Stream.of(type.replaceAll("\\*+", "*").split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        return new Wildcard(Pattern.compile(regex, Pattern.DOTALL));
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
