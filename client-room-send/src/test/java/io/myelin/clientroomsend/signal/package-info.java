@NullMarked
package io.myelin.clientroomsend.signal;

import org.jspecify.annotations.NullMarked;
