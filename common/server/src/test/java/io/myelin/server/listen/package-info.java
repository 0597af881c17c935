/** The ports of a process, with real sockets. */
@NullMarked
package io.myelin.server.listen;

import org.jspecify.annotations.NullMarked;
