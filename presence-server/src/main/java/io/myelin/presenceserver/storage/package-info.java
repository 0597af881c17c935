/** When users were last active, and what they say of themselves: written seldom. */
@NullMarked
package io.myelin.presenceserver.storage;

import org.jspecify.annotations.NullMarked;
