/** How often users may do what. Client-server API, "Rate limiting". */
@NullMarked
package io.myelin.clientroomsend.limit;

import org.jspecify.annotations.NullMarked;
