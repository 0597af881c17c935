package io.myelin.apart;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which instances run: one of each component, or as many as {@code --instances} asks for.
 *
 * @param counts in the order in which the components start
 */
record Plan(SequencedMap<Component, Integer> counts) {
    private static final int MOST = 16;

    Plan {
        counts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(counts));
    }

    /**
     * @param instances {@code SERVICE=2,SERVICE=3}, or empty
     * @param absent components that the supervisor does not run, because the configuration names an existing one
     * @throws UsageError if {@code instances} is invalid
     */
    static Plan of(String instances, Set<Component> absent) {
        var counts = new LinkedHashMap<Component, Integer>();
        Component.all().stream()
                .filter(component -> !absent.contains(component))
                .forEach(component -> counts.put(component, 1));
        for (var part : instances.split(",", -1)) {
            if (instances.isBlank()) {
                break;
            }
            var words = part.strip().split("=", -1);
            if (words.length != 2 || !words[1].matches("[0-9]{1,3}")) {
                throw new UsageError("--instances is a list like SERVICE=2,SERVICE=3, and '" + part.strip()
                        + "' is no part of one.");
            }
            var component = Component.of(words[0]);
            var count = Integer.parseInt(words[1]);
            if (!component.isService() && count != 1) {
                throw new UsageError("There is one " + component.id() + " only.");
            }
            if (count < 1 || count > MOST) {
                throw new UsageError(
                        "Of " + component.id() + " there can be 1 to " + MOST + " instances, not " + count + ".");
            }
            counts.replace(component, count);
        }
        return new Plan(counts);
    }

    /** All instances, in the order in which they start. */
    List<Instance> instances() {
        return Component.all().stream()
                .flatMap(component -> instances(component).stream())
                .toList();
    }

    /** The instances of one component, by number. */
    List<Instance> instances(Component component) {
        return IntStream.rangeClosed(1, counts.getOrDefault(component, 0))
                .mapToObj(number -> new Instance(component, number))
                .toList();
    }

    /**
     * The instances that a word of the command line selects.
     *
     * @param word {@code room-server#1}, or {@code room-server} for all its instances
     * @throws UsageError if there is no such instance in the plan
     */
    List<Instance> selected(String word) {
        var words = word.split("#", -1);
        var component = Component.of(words[0]);
        var all = instances(component);
        if (all.isEmpty()) {
            throw new UsageError(component.id() + " is not run here: the configuration names one that exists.");
        }
        if (words.length == 1) {
            return all;
        }
        return all.stream()
                .filter(instance ->
                        words.length == 2 && Integer.toString(instance.number()).equals(words[1]))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new UsageError("There is no " + word + ", only "
                        + String.join(
                                ", ",
                                all.stream()
                                        .map(i -> component.id() + "#" + i.number())
                                        .toList()) + "."));
    }
}
