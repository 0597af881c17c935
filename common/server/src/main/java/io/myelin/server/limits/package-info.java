/** How the instances of a service share the rates that clients may have. */
@NullMarked
package io.myelin.server.limits;

import org.jspecify.annotations.NullMarked;
