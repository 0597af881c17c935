/** Requests to services that are no part of the deployment: identity servers, recaptcha, CAS. */
@NullMarked
package io.myelin.accountserver.outgoing;

import org.jspecify.annotations.NullMarked;
