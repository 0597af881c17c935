/** Fixtures: {@link io.myelin.roomserver.TestShard} is a shard in memory, {@link io.myelin.roomserver.TestRoom} a room in it. */
@NullMarked
package io.myelin.roomserver;

import org.jspecify.annotations.NullMarked;
