/** What is folded from the logs: rooms, for everybody, and users. Values are immutable; a shard's values change together with its position, under its lock, so that whoever takes several at once takes a consistent cut. */
@NullMarked
package io.myelin.clientsync.cache;

import org.jspecify.annotations.NullMarked;
