/**
 * Calls to other servers by name. Each server has its own circuit breaker and its own limit of concurrent calls, so that a
 * slow or absent server does not delay calls to the others.
 */
@NullMarked
package io.myelin.federation.destination;

import org.jspecify.annotations.NullMarked;
