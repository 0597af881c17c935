@NullMarked
package io.myelin.clientroomsend.upgrade;

import org.jspecify.annotations.NullMarked;
