/** Commands go out by room.input, answers come back by the reply topic. */
@NullMarked
package io.myelin.clientroomsend.kafka;

import org.jspecify.annotations.NullMarked;
