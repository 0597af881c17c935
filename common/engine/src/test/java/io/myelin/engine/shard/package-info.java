/** The small parts of the servers' engine, one by one. */
@NullMarked
package io.myelin.engine.shard;

import org.jspecify.annotations.NullMarked;
