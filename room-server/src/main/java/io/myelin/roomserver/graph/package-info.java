/**
 * What other servers ask of a room's graph: {@link io.myelin.roomserver.graph.ServerView} says what one of them sees, {@link
 * io.myelin.roomserver.graph.MissingEvents} and {@link io.myelin.roomserver.graph.Backfill} walk from events to those before
 * them, and {@link io.myelin.roomserver.graph.NearestEvent} looks for a time.
 */
@NullMarked
package io.myelin.roomserver.graph;

import org.jspecify.annotations.NullMarked;
