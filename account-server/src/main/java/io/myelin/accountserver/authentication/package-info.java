/** User-interactive authentication: a user proves again who they are, or a client proves that it may register a user. */
@NullMarked
package io.myelin.accountserver.authentication;

import org.jspecify.annotations.NullMarked;
