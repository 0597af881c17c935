/**
 * The entities of room-server, as immutable values: rooms, aliases, users as this shard knows them, single events. {@link
 * io.myelin.roomserver.room.RoomEdit} is the only way in which a room grows: build, sign, check, append.
 */
@NullMarked
package io.myelin.roomserver.room;

import org.jspecify.annotations.NullMarked;
