/** What this service asks of others before it sends a command: room state, profiles, and which users can be invited. */
@NullMarked
package io.myelin.clientroomsend.lookup;

import org.jspecify.annotations.NullMarked;
