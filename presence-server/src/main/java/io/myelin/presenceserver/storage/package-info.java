/** The table of when users were last active, and of their status messages. It is written seldom. */
@NullMarked
package io.myelin.presenceserver.storage;

import org.jspecify.annotations.NullMarked;
