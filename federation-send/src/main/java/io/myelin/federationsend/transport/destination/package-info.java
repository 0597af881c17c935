/**
 * Calls to other servers by their name. Each has its own circuit breaker and its own number of calls at once, so that one
 * that is slow or gone costs the others nothing.
 */
@NullMarked
package io.myelin.federationsend.transport.destination;

import org.jspecify.annotations.NullMarked;
