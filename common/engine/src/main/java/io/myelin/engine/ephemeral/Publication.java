package io.myelin.engine.ephemeral;

/** A record of the output topic. */
public sealed interface Publication<V> {

    Version version();

    /** A key's whole value. */
    record Value<V>(Version version, String key, V value) implements Publication<V> {}

    /**
     * Everything up to this version has been given out: who has not seen it has missed something. An epoch begins with
     * such a mark, of number 0, which makes void what earlier owners said.
     */
    record Mark<V>(Version version) implements Publication<V> {}
}
