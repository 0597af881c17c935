/** account-server: users, their devices and tokens, profiles, account data and filters. Sharded by user ID. */
@NullMarked
package io.myelin.contracts.account;

import org.jspecify.annotations.NullMarked;
