/** The opaque tokens of clients: where in each log a client is, and where in a room. */
@NullMarked
package io.myelin.clientsync.token;

import org.jspecify.annotations.NullMarked;
