@NullMarked
package io.myelin.roomserver.room;

import org.jspecify.annotations.NullMarked;
