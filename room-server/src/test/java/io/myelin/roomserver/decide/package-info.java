/** What rooms decide, as sentences. */
@NullMarked
package io.myelin.roomserver.decide;

import org.jspecify.annotations.NullMarked;
