/**
 * Commands go out by {@code room.input} and {@code receipt.input}, signals by {@code typing.input} and
 * {@code presence.input}; answers to commands come back by the reply topic.
 */
@NullMarked
package io.myelin.clientroomsend.kafka;

import org.jspecify.annotations.NullMarked;
