/** Tests that the test engines are real, and that they can be killed, stopped and wiped. */
@NullMarked
package io.myelin.testing;

import org.jspecify.annotations.NullMarked;
