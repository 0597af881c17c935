/** How any service asks other homeservers: where a server listens, how often it is tried, and how a request is signed. */
@NullMarked
package io.myelin.federation;

import org.jspecify.annotations.NullMarked;
