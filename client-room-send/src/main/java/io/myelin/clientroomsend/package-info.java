/**
 * The writer for rooms. It checks a client's request, turns it into a command, and answers 200 once room-server or
 * receipt-server has committed it. It stores nothing: any instance serves any request.
 *
 * <p>{@link io.myelin.clientroomsend.web} takes requests. {@link io.myelin.clientroomsend.send}, {@link
 * io.myelin.clientroomsend.membership}, {@link io.myelin.clientroomsend.create}, {@link io.myelin.clientroomsend.directory}
 * and {@link io.myelin.clientroomsend.purge} turn them into commands for room-server, {@link
 * io.myelin.clientroomsend.receipt} into commands for receipt-server. {@link io.myelin.clientroomsend.signal} passes on
 * typing and presence, which have no answer. {@link io.myelin.clientroomsend.command} is the interface to room-server, and
 * {@link io.myelin.clientroomsend.kafka} implements it. {@link io.myelin.clientroomsend.lookup} asks other services what a
 * command needs.
 */
@NullMarked
package io.myelin.clientroomsend;

import org.jspecify.annotations.NullMarked;
