package io.myelin.engine;

import java.util.List;

/**
 * The facts that remain of a shard's log after some position, in order. A number at or below {@code upTo} that is not among
 * the facts is superseded (an upsert, a purge) and will never come: the reader's position becomes {@code upTo}.
 *
 * @param incarnation of the shard, see {@link Committed}
 * @param upTo the last number this page covers
 * @param committed the shard's last number when the page was read; the replay is complete when {@code upTo} reaches it
 */
public record ReplayPage<F>(long incarnation, List<Numbered<F>> facts, long upTo, long committed) {}
