/** Purges of rooms by administrators. */
@NullMarked
package io.myelin.clientroomsend.purge;

import org.jspecify.annotations.NullMarked;
