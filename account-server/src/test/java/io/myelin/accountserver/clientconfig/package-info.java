/** Tests of account data as clients read it, without a database. */
@NullMarked
package io.myelin.accountserver.clientconfig;

import org.jspecify.annotations.NullMarked;
