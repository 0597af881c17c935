/**
 * Decides commands: {@link io.myelin.roomserver.decide.RoomDecider} finds the {@link io.myelin.roomserver.decide.Handler}
 * for a command's class, which is provided by the class that decides such commands. A decision is pure: it depends on the
 * entities, the command and the moment, and on nothing else.
 */
@NullMarked
package io.myelin.roomserver.decide;

import org.jspecify.annotations.NullMarked;
