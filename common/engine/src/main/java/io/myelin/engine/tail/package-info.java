/**
 * The engine of readers. {@link io.myelin.engine.tail.LogTail} follows what shards publish, without duplicates or gaps, and
 * lets a reader wait for a position; {@link io.myelin.engine.tail.TailCache} keeps values up to date by it.
 */
@NullMarked
package io.myelin.engine.tail;

import org.jspecify.annotations.NullMarked;
