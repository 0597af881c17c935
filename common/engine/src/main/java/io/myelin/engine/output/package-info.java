/**
 * The output topic of whoever keeps a log: {@link io.myelin.engine.output.LogPublishing} brings one shard's facts there, in order
 * and without holes.
 */
@NullMarked
package io.myelin.engine.output;

import org.jspecify.annotations.NullMarked;
