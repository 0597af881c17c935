@NullMarked
package io.myelin.clientsync.park;

import org.jspecify.annotations.NullMarked;
