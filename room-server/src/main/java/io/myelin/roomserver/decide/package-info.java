/**
 * What is made of each command: {@link io.myelin.roomserver.decide.RoomDecider} names the entities and dispatches, one
 * class decides each kind. Pure: a decision depends on the entities, the command and the moment, and on nothing else.
 */
@NullMarked
package io.myelin.roomserver.decide;

import org.jspecify.annotations.NullMarked;
