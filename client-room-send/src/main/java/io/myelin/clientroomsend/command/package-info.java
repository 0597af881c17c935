/** What reaches room-server: commands, the transactions of clients, and the answers. */
@NullMarked
package io.myelin.clientroomsend.command;

import org.jspecify.annotations.NullMarked;
