/** That the engines of tests are the real thing, and can be hurt. */
@NullMarked
package io.myelin.testing;

import org.jspecify.annotations.NullMarked;
