package io.myelin.postgres;

import org.jspecify.annotations.Nullable;

/**
 * What the log keeps of a fact: enough for the service to find it again in its tables.
 *
 * @param kind the service's number for this kind of fact
 * @param reference where the number in the shard does not name it
 */
public record LogEntry(short kind, @Nullable String reference) {}
