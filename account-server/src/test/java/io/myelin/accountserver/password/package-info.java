/** Passwords. */
@NullMarked
package io.myelin.accountserver.password;

import org.jspecify.annotations.NullMarked;
