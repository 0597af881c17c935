@NullMarked
package io.myelin.clientroomsend;

import org.jspecify.annotations.NullMarked;
