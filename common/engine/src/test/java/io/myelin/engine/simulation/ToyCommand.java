package io.myelin.engine.simulation;

import java.nio.charset.StandardCharsets;

/**
 * A command to the toy service's counters.
 *
 * @param key {@code shard/name}
 * @param other a second key, in the same shard for {@link Kind#touchesTwo}, in any for {@link Kind#ORDER}
 * @param tag identifies the wish in its facts and answers
 */
record ToyCommand(Kind kind, String key, String other, long amount, int tag) {

    enum Kind {
        ADD,
        /** Touches two counters. */
        MOVE,
        /** Touches two counters, and only the decision tells the second. */
        DISCOVER,
        /** Adds here and orders another shard to add there. */
        ORDER,
        /** Overwrites a mark, which supersedes the mark before. */
        MARK,
        /** Is accepted while the counter is young. */
        LIMITED,
        /** Takes long to decide, so it is prepared beside the loop. */
        HEAVY,
        /** A prepared {@link #HEAVY}: its second key names the states that the preparation depends on. */
        HEAVY_PREPARED,
        /** Is accepted and changes nothing. */
        NOTHING,
        REFUSED,
        /** Its facts cannot be stored. */
        POISON,
        /** Not even its failure can be stored. */
        LETHAL,
        /** Cannot be decided. */
        THROWING,
        /** The process dies of it. */
        KILLER,
        /** Its fact cannot be published. */
        UNSENDABLE,
        /** Computing its keys throws. */
        KEYLESS,
        /** Comes from a writer of the next release: only servers of that release can read it. */
        NEWER,
        /** Its record cannot be read. */
        GIBBERISH;

        boolean touchesTwo() {
            return this == MOVE || this == DISCOVER || this == HEAVY;
        }
    }

    static final int ORDERED = 1_000_000;

    /** Whether it can never be accepted. */
    boolean isBad() {
        return kind.compareTo(Kind.POISON) >= 0 && kind != Kind.NEWER;
    }

    /** Whether an owner may fail it though nothing is wrong with the server. */
    boolean mayFail() {
        return isBad() || kind == Kind.NEWER;
    }

    static int shardOf(String key) {
        return Integer.parseInt(key.substring(0, key.indexOf('/')));
    }

    byte[] encoded() {
        return String.join(" ", kind.name(), key, other, Long.toString(amount), Integer.toString(tag))
                .getBytes(StandardCharsets.UTF_8);
    }

    static ToyCommand decoded(byte[] bytes) {
        String[] words = new String(bytes, StandardCharsets.UTF_8).split(" ", -1);
        return new ToyCommand(
                Kind.valueOf(words[0]), words[1], words[2], Long.parseLong(words[3]), Integer.parseInt(words[4]));
    }
}
