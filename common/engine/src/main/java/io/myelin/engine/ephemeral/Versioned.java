package io.myelin.engine.ephemeral;

/** A value and its version. */
public record Versioned<V>(Version version, V value) {}
