/** Reports of events, rooms and users to the server's administrators. Client-server API, "Reporting content". */
@NullMarked
package io.myelin.clientroomsend.report;

import org.jspecify.annotations.NullMarked;
