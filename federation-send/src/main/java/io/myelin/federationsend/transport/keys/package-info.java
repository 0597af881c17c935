/**
 * Signing keys: what we publish of ours, and those of other servers, fetched from them and believed for as long as they say.
 * Server-server API, "Retrieving server keys".
 */
@NullMarked
package io.myelin.federationsend.transport.keys;

import org.jspecify.annotations.NullMarked;
