@NullMarked
package io.myelin.clientroomsend.limit;

import org.jspecify.annotations.NullMarked;
