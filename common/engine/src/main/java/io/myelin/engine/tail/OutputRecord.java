package io.myelin.engine.tail;

import io.myelin.engine.Numbered;

/** A fact as it was read from an output topic. */
public record OutputRecord<F>(long incarnation, Numbered<F> numbered) {}
