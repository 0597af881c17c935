/** Tests of authentication. */
@NullMarked
package io.myelin.accountserver.authentication;

import org.jspecify.annotations.NullMarked;
