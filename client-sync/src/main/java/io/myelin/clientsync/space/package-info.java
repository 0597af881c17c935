/** Rooms as users see them who may not be in them yet: summaries, and the rooms of a space. */
@NullMarked
package io.myelin.clientsync.space;

import org.jspecify.annotations.NullMarked;
