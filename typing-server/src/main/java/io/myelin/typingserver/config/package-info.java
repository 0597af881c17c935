/** How typing-server is put together. */
@NullMarked
package io.myelin.typingserver.config;

import org.jspecify.annotations.NullMarked;
