/** Tests of which classes may depend on which: each service's own test class includes {@link ServiceArchitecture}. */
@NullMarked
package io.myelin.testing.architecture;

import org.jspecify.annotations.NullMarked;
