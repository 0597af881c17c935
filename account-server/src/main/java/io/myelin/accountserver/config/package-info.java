/** The wiring of account-server. */
@NullMarked
package io.myelin.accountserver.config;

import org.jspecify.annotations.NullMarked;
