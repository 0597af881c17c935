/**
 * Signing keys: those that we publish, and those of other servers, which are fetched from these servers and trusted for as
 * long as they say. Server-server API, "Retrieving server keys".
 */
@NullMarked
package io.myelin.federationsend.transport.keys;

import org.jspecify.annotations.NullMarked;
