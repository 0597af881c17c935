/** Room state as a value: state keys, and an immutable map over them of which a changed copy costs little. */
@NullMarked
package io.myelin.matrix.state;

import org.jspecify.annotations.NullMarked;
