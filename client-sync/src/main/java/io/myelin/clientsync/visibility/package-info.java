/** Who may see which event. Client-server API, "Room History Visibility". Pure. */
@NullMarked
package io.myelin.clientsync.visibility;

import org.jspecify.annotations.NullMarked;
