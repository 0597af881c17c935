/**
 * State resolution: one state of the several that meet where a room's graph of events had forked.
 * {@link io.myelin.matrix.resolution.StateResolution} is the entry, {@link io.myelin.matrix.resolution.ResolutionEvents}
 * what it reads events through.
 *
 * <pre>
 * StateResolution ── Conflict                    what the states agree on, and what they do not
 *   ├─ ResolutionV2                              room versions 2 and on: a line per step
 *   │    ├─ PowerEvents                          step 1, which events
 *   │    ├─ ReverseTopologicalPowerOrdering      step 1, in which order
 *   │    │    └─ SenderPower
 *   │    ├─ MainlineOrdering                     step 3
 *   │    └─ IterativeAuthChecks                  steps 2 and 4
 *   └─ ResolutionV1                              room version 1
 *        └─ DepthOrdering
 * </pre>
 *
 * <p>Two readings on which servers agree, and which this package shares, are not what the text says to the letter: the
 * auth chain of a state has the state's own events in it (see {@link io.myelin.matrix.resolution.ResolutionEvents}), and
 * the auth chain of a power event is followed inside the full conflicted set only (see
 * {@link io.myelin.matrix.resolution.PowerEvents}).
 */
@NullMarked
package io.myelin.matrix.resolution;

import org.jspecify.annotations.NullMarked;
