/**
 * The engine for values that need not survive a crash: {@link io.myelin.engine.ephemeral.EphemeralRuntime} owns shards of
 * values that live in memory, {@link io.myelin.engine.ephemeral.ValueTail} follows what it publishes. Each record is a
 * whole value with its {@link io.myelin.engine.ephemeral.Version}; the newest wins. There is no replay: a tail that may
 * have missed something asks the owner for all values.
 */
@NullMarked
package io.myelin.engine.ephemeral;

import org.jspecify.annotations.NullMarked;
