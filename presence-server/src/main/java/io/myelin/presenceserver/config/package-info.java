/** How presence-server is put together. */
@NullMarked
package io.myelin.presenceserver.config;

import org.jspecify.annotations.NullMarked;
