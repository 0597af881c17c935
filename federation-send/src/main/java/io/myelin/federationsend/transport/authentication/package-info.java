/**
 * Who sent a request: the {@code X-Matrix} header, the signature it bears, and the key that it must be by. Server-server
 * API, "Request Authentication".
 */
@NullMarked
package io.myelin.federationsend.transport.authentication;

import org.jspecify.annotations.NullMarked;
