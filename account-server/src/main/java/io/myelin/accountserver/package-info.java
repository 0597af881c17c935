/**
 * account-server: users, their devices and access tokens, profiles, account data and filters.
 *
 * <p>{@link io.myelin.accountserver.account} decides on commands, and {@link io.myelin.accountserver.storage} keeps the
 * outcome. {@link io.myelin.accountserver.authentication} proves who a user is; {@link
 * io.myelin.accountserver.registration} checks the names and passwords of new users. {@link
 * io.myelin.accountserver.ownership} sends a command to the owner of its shard. {@link io.myelin.accountserver.web} has the
 * endpoints for clients.
 */
@NullMarked
package io.myelin.accountserver;

import org.jspecify.annotations.NullMarked;
