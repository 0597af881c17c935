/** Calls between processes, over real HTTP. */
@NullMarked
package io.myelin.server.rpc;

import org.jspecify.annotations.NullMarked;
