/** Tests that specify how the configuration is read and checked. */
@NullMarked
package io.myelin.settings;

import org.jspecify.annotations.NullMarked;
