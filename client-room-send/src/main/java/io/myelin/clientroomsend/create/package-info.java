/** New rooms. Client-server API, "Creation". */
@NullMarked
package io.myelin.clientroomsend.create;

import org.jspecify.annotations.NullMarked;
