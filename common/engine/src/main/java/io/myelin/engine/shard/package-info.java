/**
 * The engine of servers. {@link io.myelin.engine.shard.ShardRuntime} owns shards by epoch, reads commands, lets a
 * {@link io.myelin.engine.shard.Decider} decide them in lanes, commits what was decided together with log,
 * idempotency keys and consumed position in one transaction, and publishes, replies and sends orders only after it.
 */
@NullMarked
package io.myelin.engine.shard;

import org.jspecify.annotations.NullMarked;
