/**
 * Resolves a server's name to the place where it listens: well-known delegation, SRV records, and the default without
 * either. Server-server API, "Resolving server names".
 */
@NullMarked
package io.myelin.federation.discovery;

import org.jspecify.annotations.NullMarked;
