/**
 * room-server, the one owner of rooms. {@code room} is what it keeps in memory and how a room grows by an event; {@code
 * decide} has a class for each command; {@code storage} its tables; {@code graph} what another server sees of a room; {@code
 * queries} what it tells others; {@code config} how all that is wired.
 */
@NullMarked
package io.myelin.roomserver;

import org.jspecify.annotations.NullMarked;
