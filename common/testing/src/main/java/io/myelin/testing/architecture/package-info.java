/** Which classes may know which, as tests: a service's own test class takes {@link ServiceArchitecture} in. */
@NullMarked
package io.myelin.testing.architecture;

import org.jspecify.annotations.NullMarked;
