/** The wiring of client-sync. */
@NullMarked
package io.myelin.clientsync.config;

import org.jspecify.annotations.NullMarked;
