/** Shutdowns of rooms and purges of their histories by administrators. */
@NullMarked
package io.myelin.clientroomsend.purge;

import org.jspecify.annotations.NullMarked;
