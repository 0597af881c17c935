/** What is decided about a user, in the lane of that user. Pure. */
@NullMarked
package io.myelin.accountserver.account;

import org.jspecify.annotations.NullMarked;
