/**
 * Verifies the origin of a request: the {@code X-Matrix} header, its signature, and the key that the signature must be made
 * with. Server-server API, "Request Authentication".
 */
@NullMarked
package io.myelin.federationsend.transport.authentication;

import org.jspecify.annotations.NullMarked;
