/** How the service is put together. */
@NullMarked
package io.myelin.clientsync.config;

import org.jspecify.annotations.NullMarked;
