/** What this service looks up before it commands: the state of rooms, profiles of users, who is reachable. */
@NullMarked
package io.myelin.clientroomsend.facts;

import org.jspecify.annotations.NullMarked;
