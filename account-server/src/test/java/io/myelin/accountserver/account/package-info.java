/** What is decided about users, as sentences. */
@NullMarked
package io.myelin.accountserver.account;

import org.jspecify.annotations.NullMarked;
