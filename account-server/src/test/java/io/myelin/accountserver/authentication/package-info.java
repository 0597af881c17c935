/** Proofs of who somebody is. */
@NullMarked
package io.myelin.accountserver.authentication;

import org.jspecify.annotations.NullMarked;
