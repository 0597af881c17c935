package io.myelin.postgres;

import org.jspecify.annotations.Nullable;

/** A row of the log. */
public record LogRow(long seq, short kind, @Nullable String reference) {}
