/**
 * Who owns a service's shards, for every engine whose shards have one owner at a time: the rows say it ({@link
 * io.myelin.engine.ownership.Claims}), {@link io.myelin.engine.ownership.OwnedShards} looks at them, claims, gives up and
 * leaves, and an engine brings its kind of {@link io.myelin.engine.ownership.OwnedShard}. The shell speaks to {@link
 * io.myelin.engine.ownership.Ownership}, whatever the engine.
 */
@NullMarked
package io.myelin.engine.ownership;

import org.jspecify.annotations.NullMarked;
