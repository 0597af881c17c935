/**
 * The ownership of a service's shards, for every engine whose shards have one owner at a time. Rows name the owners ({@link
 * io.myelin.engine.ownership.Claims}). {@link io.myelin.engine.ownership.OwnedShards} looks at the rows, claims shards and
 * gives them up. Each engine has its own kind of {@link io.myelin.engine.ownership.OwnedShard}. The shell calls {@link
 * io.myelin.engine.ownership.Ownership}, whatever the engine.
 */
@NullMarked
package io.myelin.engine.ownership;

import org.jspecify.annotations.NullMarked;
