/** Tests of what rooms decide. */
@NullMarked
package io.myelin.roomserver.decide;

import org.jspecify.annotations.NullMarked;
