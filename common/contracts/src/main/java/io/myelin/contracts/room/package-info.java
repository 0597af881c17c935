/** room-server: rooms, their events and state, memberships, aliases and the room directory. Sharded by room ID, aliases by themselves. */
@NullMarked
package io.myelin.contracts.room;

import org.jspecify.annotations.NullMarked;
