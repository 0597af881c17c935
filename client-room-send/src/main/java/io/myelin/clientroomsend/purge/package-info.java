/** Rooms that an administrator takes away. */
@NullMarked
package io.myelin.clientroomsend.purge;

import org.jspecify.annotations.NullMarked;
