/** The way into the lanes of account-server. */
@NullMarked
package io.myelin.accountserver.kafka;

import org.jspecify.annotations.NullMarked;
