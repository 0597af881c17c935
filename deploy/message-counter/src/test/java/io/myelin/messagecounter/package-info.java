/** The tests that every service has. */
@NullMarked
package io.myelin.messagecounter;

import org.jspecify.annotations.NullMarked;
