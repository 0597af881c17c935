/**
 * The engines under failures of every kind: a deterministic, single-threaded simulation of processes, database, broker,
 * writers and readers around a toy service, each schedule drawn from a seed. A {@link io.myelin.engine.simulation.World}
 * runs one schedule and checks what the engines promise; a {@link io.myelin.engine.simulation.Break} takes one mechanic
 * away, to see that the checks notice.
 */
@NullMarked
package io.myelin.engine.simulation;

import org.jspecify.annotations.NullMarked;
