/** Passwords: hashed with Argon2id, on a few threads of their own, because each hash takes memory and time on purpose. */
@NullMarked
package io.myelin.accountserver.password;

import org.jspecify.annotations.NullMarked;
