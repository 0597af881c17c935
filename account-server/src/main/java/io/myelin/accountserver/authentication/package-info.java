/** User-interactive authentication: proving once more who somebody is, or that they may register. */
@NullMarked
package io.myelin.accountserver.authentication;

import org.jspecify.annotations.NullMarked;
