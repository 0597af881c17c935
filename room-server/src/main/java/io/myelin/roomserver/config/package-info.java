/** How room-server is put together. */
@NullMarked
package io.myelin.roomserver.config;

import org.jspecify.annotations.NullMarked;
