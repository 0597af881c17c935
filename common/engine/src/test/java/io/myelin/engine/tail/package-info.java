/** The small parts of the readers' engine, one by one. */
@NullMarked
package io.myelin.engine.tail;

import org.jspecify.annotations.NullMarked;
