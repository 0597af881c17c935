@NullMarked
package io.myelin.clientsync.event;

import org.jspecify.annotations.NullMarked;
