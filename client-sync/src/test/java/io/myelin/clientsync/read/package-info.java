@NullMarked
package io.myelin.clientsync.read;

import org.jspecify.annotations.NullMarked;
