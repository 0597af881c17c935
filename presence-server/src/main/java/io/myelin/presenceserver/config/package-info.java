/** The wiring of presence-server. */
@NullMarked
package io.myelin.presenceserver.config;

import org.jspecify.annotations.NullMarked;
