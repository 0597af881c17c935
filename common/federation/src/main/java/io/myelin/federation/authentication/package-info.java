/** The {@code X-Matrix} header and the signature in it. Server-server API, "Request Authentication". */
@NullMarked
package io.myelin.federation.authentication;

import org.jspecify.annotations.NullMarked;
