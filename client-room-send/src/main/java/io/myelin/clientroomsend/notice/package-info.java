/** Server notices: what administrators write to users, in a room for each user. Client-server API, "Server Notices". */
@NullMarked
package io.myelin.clientroomsend.notice;

import org.jspecify.annotations.NullMarked;
