package io.myelin.postgres;

import org.jspecify.annotations.Nullable;

/**
 * What the log keeps of a fact: enough for the service to find it again in its tables.
 *
 * @param kind the service's number for this kind of fact
 * @param reference identifies the fact, where its number in the shard does not
 */
public record LogEntry(short kind, @Nullable String reference) {}
