/** account-server on a real database and broker, over HTTP. */
@NullMarked
package io.myelin.accountserver;

import org.jspecify.annotations.NullMarked;
