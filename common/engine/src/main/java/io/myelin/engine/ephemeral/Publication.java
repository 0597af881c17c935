package io.myelin.engine.ephemeral;

/** A record of the output topic. */
public sealed interface Publication<V> {

    Version version();

    /** A key's whole value. */
    record Value<V>(Version version, String key, V value) implements Publication<V> {}

    /**
     * Everything up to this version has been published, so a reader that has not seen all of it has missed something. An
     * epoch begins with a mark of number 0, which makes the values of earlier owners void.
     */
    record Mark<V>(Version version) implements Publication<V> {}
}
