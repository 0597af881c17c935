/**
 * The writer for rooms. It checks a client's request, makes a command of it, and answers 200 once room-server, or
 * receipt-server, has said that it is committed. It keeps nothing: any instance serves any request.
 *
 * <p>{@link io.myelin.clientroomsend.web} takes requests; {@link io.myelin.clientroomsend.send}, {@link
 * io.myelin.clientroomsend.membership}, {@link io.myelin.clientroomsend.create}, {@link
 * io.myelin.clientroomsend.directory} and {@link io.myelin.clientroomsend.purge} make commands of them, as {@link io.myelin.clientroomsend.receipt} does for receipt-server; {@link
 * io.myelin.clientroomsend.signal} passes on what nobody answers; {@link io.myelin.clientroomsend.command} is how those reach
 * room-server, by {@link io.myelin.clientroomsend.kafka}; {@link io.myelin.clientroomsend.facts} is what has to be known
 * of other services before.
 */
@NullMarked
package io.myelin.clientroomsend;

import org.jspecify.annotations.NullMarked;
