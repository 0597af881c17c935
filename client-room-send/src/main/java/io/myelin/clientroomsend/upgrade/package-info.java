/**
 * Room upgrades: a room of another version takes the place of one that is left behind. Client-server API, "Room
 * Upgrades".
 */
@NullMarked
package io.myelin.clientroomsend.upgrade;

import org.jspecify.annotations.NullMarked;
