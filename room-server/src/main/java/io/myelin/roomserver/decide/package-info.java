/**
 * What is made of each command: {@link io.myelin.roomserver.decide.RoomDecider} finds the {@link
 * io.myelin.roomserver.decide.Handler} of its class, which the class that decides such commands brings. Pure: a decision depends on the entities, the command and the moment, and on nothing else.
 */
@NullMarked
package io.myelin.roomserver.decide;

import org.jspecify.annotations.NullMarked;
