/** The interface to room-server: commands, transactions of clients, and answers. */
@NullMarked
package io.myelin.clientroomsend.command;

import org.jspecify.annotations.NullMarked;
