/**
 * account-server: users, their devices and access tokens, profiles, account data and filters. {@link
 * io.myelin.accountserver.account} decides; {@link io.myelin.accountserver.storage} keeps; {@link
 * io.myelin.accountserver.authentication} proves who somebody is, {@link
 * io.myelin.accountserver.registration} says who may be new; {@link io.myelin.accountserver.ownership} leads a command to the
 * owner of its shard; {@link io.myelin.accountserver.web} is what clients meet.
 */
@NullMarked
package io.myelin.accountserver;

import org.jspecify.annotations.NullMarked;
