/**
 * States as sets of numbers. A state is known by the events that it consists of, and is written down as what it differs
 * from another by: {@link io.myelin.roomserver.state.StateLayers} says from which.
 */
@NullMarked
package io.myelin.roomserver.state;

import org.jspecify.annotations.NullMarked;
