/**
 * What the components of one process share to use Kafka: one producer, one reply partition, one tail for each topic,
 * and the order in which these start and stop. Each is created only if a component of the process needs it.
 */
@NullMarked
package io.myelin.server.pipeline;

import org.jspecify.annotations.NullMarked;
