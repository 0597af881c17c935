/**
 * The endpoints for other servers: our version, our keys, and, as a notary, the keys of others. A controller requires a
 * signature by a parameter of type {@link io.myelin.federationsend.web.FederationRequest}.
 */
@NullMarked
package io.myelin.federationsend.web;

import org.jspecify.annotations.NullMarked;
