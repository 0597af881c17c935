package io.myelin.engine.simulation;

/** A fact of the toy service: something happened to a counter. */
record Happening(Wish.Kind kind, String key, long amount, int tag) {}
