@NullMarked
package io.myelin.clientroomsend.kafka;

import org.jspecify.annotations.NullMarked;
