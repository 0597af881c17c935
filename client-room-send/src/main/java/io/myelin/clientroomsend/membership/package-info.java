/** Joining, knocking, leaving, inviting, and the actions of moderators. Client-server API, "Room membership". */
@NullMarked
package io.myelin.clientroomsend.membership;

import org.jspecify.annotations.NullMarked;
