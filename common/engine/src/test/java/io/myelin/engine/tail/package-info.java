/** Unit tests of the parts of the readers' engine. */
@NullMarked
package io.myelin.engine.tail;

import org.jspecify.annotations.NullMarked;
