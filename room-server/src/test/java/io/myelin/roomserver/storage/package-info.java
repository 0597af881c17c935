/** What the tables make of what they keep. */
@NullMarked
package io.myelin.roomserver.storage;

import org.jspecify.annotations.NullMarked;
