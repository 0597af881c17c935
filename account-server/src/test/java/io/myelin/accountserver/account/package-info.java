/** Tests of the decisions about users. */
@NullMarked
package io.myelin.accountserver.account;

import org.jspecify.annotations.NullMarked;
