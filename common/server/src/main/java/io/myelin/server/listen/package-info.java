/** Where a process listens: for clients, for other servers, and for the other processes of its server. */
@NullMarked
package io.myelin.server.listen;

import org.jspecify.annotations.NullMarked;
