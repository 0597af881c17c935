/**
 * What other servers can ask: our version, our keys, and, as a notary, the keys of others. {@link
 * io.myelin.federationsend.web.FederationRequest} is the parameter by which a controller requires a signature.
 */
@NullMarked
package io.myelin.federationsend.web;

import org.jspecify.annotations.NullMarked;
