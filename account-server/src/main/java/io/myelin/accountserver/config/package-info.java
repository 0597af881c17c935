/** account-server, put together. */
@NullMarked
package io.myelin.accountserver.config;

import org.jspecify.annotations.NullMarked;
