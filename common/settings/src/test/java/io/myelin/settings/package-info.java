/** The configuration as a specification. */
@NullMarked
package io.myelin.settings;

import org.jspecify.annotations.NullMarked;
