package io.myelin.engine.simulation;

import java.nio.charset.StandardCharsets;

/** A fact of the toy service: something happened to a counter. */
record ToyFact(ToyCommand.Kind kind, String key, long amount, int tag) {

    byte[] encoded() {
        return String.join(" ", kind.name(), key, Long.toString(amount), Integer.toString(tag))
                .getBytes(StandardCharsets.UTF_8);
    }

    static ToyFact decoded(byte[] bytes) {
        String[] words = new String(bytes, StandardCharsets.UTF_8).split(" ", -1);
        return new ToyFact(
                ToyCommand.Kind.valueOf(words[0]), words[1], Long.parseLong(words[2]), Integer.parseInt(words[3]));
    }
}
