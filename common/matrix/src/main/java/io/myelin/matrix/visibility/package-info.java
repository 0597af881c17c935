/** Which users may see which past events of a room: {@code m.room.history_visibility}. */
@NullMarked
package io.myelin.matrix.visibility;

import org.jspecify.annotations.NullMarked;
