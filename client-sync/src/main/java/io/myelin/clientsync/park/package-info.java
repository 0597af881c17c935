/** Requests that wait for news; a parked one is an object in a map, not a thread. */
@NullMarked
package io.myelin.clientsync.park;

import org.jspecify.annotations.NullMarked;
