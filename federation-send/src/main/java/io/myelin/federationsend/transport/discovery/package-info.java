/**
 * From a server's name to where it listens: well-known delegation, SRV records, and what to do without either.
 * Server-server API, "Resolving server names".
 */
@NullMarked
package io.myelin.federationsend.transport.discovery;

import org.jspecify.annotations.NullMarked;
