package io.myelin.federation.authentication;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The parameters of an {@code Authorization} header. RFC 9110, section 11.2, but more lenient: an unquoted value may have
 * any character except space, comma and quote, so that the colons and slashes of old servers are accepted.
 */
final class AuthParameters {
    private final String text;
    private final Map<String, String> parameters = new HashMap<>();
    private int at;

    private AuthParameters(String text) {
        this.text = text;
    }

    /**
     * Parses the text after the scheme; the names are in lower case.
     *
     * @throws Unauthenticated if the text is not a list of parameters, or has a parameter twice
     */
    static Map<String, String> parse(String text) {
        var parser = new AuthParameters(text);
        parser.skip(" \t,");
        while (parser.at < text.length()) {
            parser.parameter();
        }
        return parser.parameters;
    }

    private void parameter() {
        String name = until(" \t=,\"").toLowerCase(Locale.ROOT);
        skip(" \t");
        if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
            throw malformed();
        }
        at++;
        skip(" \t");
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        if (parameters.put(name, quoted ? quoted() : until(" \t,\"")) != null) {
            throw malformed();
        }
        int end = at;
        skip(" \t,");
        if (at < text.length() && text.substring(end, at).indexOf(',') < 0) {
            throw malformed();
        }
    }

    private String quoted() {
        var value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && ++at < text.length()) {
                c = text.charAt(at);
            }
            value.append(c);
        }
        throw malformed();
    }

    private String until(String ends) {
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skip(String letters) {
        while (at < text.length() && letters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static Unauthenticated malformed() {
        return new Unauthenticated("The Authorization header cannot be understood.");
    }
}
