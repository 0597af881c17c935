package io.myelin.apart;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of {@code nginx.conf} that choose the component for a request, as nginx reads them. */
record RoutingTable(List<Rule> rules, String otherwise) {
    private static final Pattern RULE = Pattern.compile("\\s*\"~(\\S.*)\" (\\S+);");
    private static final Pattern DEFAULT = Pattern.compile("\\s*default (\\S+);");

    /** Requests that match go to the component. */
    record Rule(Pattern request, String component) {}

    static RoutingTable of(String configuration) {
        var start = configuration.indexOf("$component {");
        var block = configuration.substring(start, configuration.indexOf("\n    }", start));
        var rules = new ArrayList<Rule>();
        var otherwise = "";
        for (var line : block.lines().toList()) {
            var rule = RULE.matcher(line);
            var last = DEFAULT.matcher(line);
            if (rule.matches()) {
                rules.add(new Rule(Pattern.compile(rule.group(1)), rule.group(2)));
            } else if (last.matches()) {
                otherwise = last.group(1);
            }
        }
        return new RoutingTable(rules, otherwise);
    }

    String componentOf(String method, String uri) {
        return rules.stream()
                .filter(rule -> rule.request().matcher(method + " " + uri).find())
                .map(Rule::component)
                .findFirst()
                .orElse(otherwise);
    }
}
