/**
 * State resolution: makes one state of several where branches of a room's event graph meet.
 * {@link io.myelin.matrix.resolution.StateResolution} is the entry; it reads events through
 * {@link io.myelin.matrix.resolution.ResolutionEvents}.
 *
 * <pre>
 * StateResolution ── Conflict                    the keys on which states agree, or do not
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
 * <p>In two points this package follows other servers and not the letter of the specification. The auth chain of a state
 * includes the state's own events (see {@link io.myelin.matrix.resolution.ResolutionEvents}). The auth chain of a power
 * event is followed inside the full conflicted set only (see {@link io.myelin.matrix.resolution.PowerEvents}).
 */
@NullMarked
package io.myelin.matrix.resolution;

import org.jspecify.annotations.NullMarked;
