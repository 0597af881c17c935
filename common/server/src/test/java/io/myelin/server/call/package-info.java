/** Calls between processes, over real HTTP. */
@NullMarked
package io.myelin.server.call;

import org.jspecify.annotations.NullMarked;
