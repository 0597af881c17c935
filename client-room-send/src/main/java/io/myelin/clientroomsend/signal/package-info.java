/** Signals: typing and presence. They are neither decided nor stored here. */
@NullMarked
package io.myelin.clientroomsend.signal;

import org.jspecify.annotations.NullMarked;
