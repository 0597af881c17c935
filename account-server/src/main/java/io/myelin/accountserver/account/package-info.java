/** The decisions about users. A shard decides all commands about one user in order. Pure. */
@NullMarked
package io.myelin.accountserver.account;

import org.jspecify.annotations.NullMarked;
