/** The wiring of typing-server. */
@NullMarked
package io.myelin.typingserver.config;

import org.jspecify.annotations.NullMarked;
