/**
 * The output topic of a service that keeps a log: {@link io.myelin.engine.output.LogPublishing} publishes one shard's facts
 * there, in order and without holes.
 */
@NullMarked
package io.myelin.engine.output;

import org.jspecify.annotations.NullMarked;
