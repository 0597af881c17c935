/** Joining, knocking, leaving, inviting, and what moderators do. Client-server API, "Room membership". */
@NullMarked
package io.myelin.clientroomsend.membership;

import org.jspecify.annotations.NullMarked;
