/** Room state as a value: state keys, and an immutable map whose changed copies cost little. */
@NullMarked
package io.myelin.matrix.state;

import org.jspecify.annotations.NullMarked;
