/** The sections of a {@code /sync} response, built from one cut through the caches. */
@NullMarked
package io.myelin.clientsync.sync;

import org.jspecify.annotations.NullMarked;
