/** Room upgrades: a room of another version replaces a room. Client-server API, "Room Upgrades". */
@NullMarked
package io.myelin.clientroomsend.upgrade;

import org.jspecify.annotations.NullMarked;
