/**
 * The caches that the logs keep up to date: rooms, which all users share, and users. Values are immutable. A shard's
 * values change together with its position, under its lock, so that a caller who takes several at once takes a
 * consistent cut.
 */
@NullMarked
package io.myelin.clientsync.cache;

import org.jspecify.annotations.NullMarked;
