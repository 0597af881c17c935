/** The wiring. */
@NullMarked
package io.myelin.federationsend.config;

import org.jspecify.annotations.NullMarked;
