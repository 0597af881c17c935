/**
 * States as sets of numbers. A state is a set of event numbers, and is stored as a difference from another state: {@link
 * io.myelin.roomserver.state.StateLayers} says from which.
 */
@NullMarked
package io.myelin.roomserver.state;

import org.jspecify.annotations.NullMarked;
