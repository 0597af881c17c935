/** The wiring. */
@NullMarked
package io.myelin.clientroomsend.config;

import org.jspecify.annotations.NullMarked;
