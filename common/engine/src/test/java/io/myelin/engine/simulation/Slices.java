package io.myelin.engine.simulation;

import java.util.Map;
import java.util.TreeMap;

/** Runs a slice of seeds by hand and says what it found: {@code Slices first count [break]}. */
final class Slices {

    private Slices() {}

    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        Break broken = arguments.length > 2 ? Break.valueOf(arguments[2]) : Break.NONE;
        if (count == 1) {
            System.out.println(Schedules.run(first, broken));
            return;
        }
        long start = System.nanoTime();
        Map<String, Integer> found = new TreeMap<>();
        for (long seed = first; seed < first + count; seed++) {
            String symptom = Schedules.symptom(seed, broken);
            if (symptom != null) {
                String kind = symptom.replaceAll("[0-9#]+", "N");
                kind = kind.substring(0, Math.min(160, kind.length()));
                if (found.merge(kind, 1, Integer::sum) == 1) {
                    System.out.println("seed " + seed + ": " + symptom.substring(0, Math.min(600, symptom.length())));
                }
            }
        }
        System.out.printf(
                "%d schedules, %d ms each 1000, found %s%n", count, (System.nanoTime() - start) / 1000 / count, found);
    }
}
