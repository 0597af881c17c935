/** Who sees what of a room's past: {@code m.room.history_visibility}. */
@NullMarked
package io.myelin.matrix.visibility;

import org.jspecify.annotations.NullMarked;
