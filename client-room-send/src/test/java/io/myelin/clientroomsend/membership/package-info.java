@NullMarked
package io.myelin.clientroomsend.membership;

import org.jspecify.annotations.NullMarked;
