/**
 * The reader that serves {@code /sync} and reads of rooms. Data flows one way: log → {@code cache.Dispatcher} → {@code
 * cache.GlobalCache} (rooms, which all users share) → {@code cache.UserCache} (one user's memberships and account data)
 * → {@code sync.SentMembers} (what one connection has been sent) → client. {@code read.JoinedRooms} decides what a user may
 * see.
 *
 * <p>{@code token}: the opaque tokens. {@code event}: events as clients see them. {@code filter}: what clients want to
 * see. {@code visibility}: what they may see. {@code ephemeral}: who types and who is online. {@code activity}: who is
 * syncing. {@code sync} and {@code read}: the two kinds of answers. {@code park}: requests that wait for news. {@code
 * kafka}, {@code web}, {@code config}: the edges.
 */
@NullMarked
package io.myelin.clientsync;

import org.jspecify.annotations.NullMarked;
