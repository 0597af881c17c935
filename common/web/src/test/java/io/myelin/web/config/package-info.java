/** The configuration as a specification. */
@NullMarked
package io.myelin.web.config;

import org.jspecify.annotations.NullMarked;
