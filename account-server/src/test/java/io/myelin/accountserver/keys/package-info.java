/** Tests of what requests about keys are checked for, and of how keys are shown. */
@NullMarked
package io.myelin.accountserver.keys;

import org.jspecify.annotations.NullMarked;
