/** Reads of rooms: state, members, history. {@link io.myelin.clientsync.read.JoinedRooms} is the security boundary. */
@NullMarked
package io.myelin.clientsync.read;

import org.jspecify.annotations.NullMarked;
