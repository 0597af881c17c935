/** Which events a user may see. Client-server API, "Room History Visibility". Pure. */
@NullMarked
package io.myelin.clientsync.visibility;

import org.jspecify.annotations.NullMarked;
