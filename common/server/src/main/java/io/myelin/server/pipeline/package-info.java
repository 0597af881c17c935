/**
 * What the components of one process share to reach the logs: one producer, one reply partition, one tail for each topic,
 * and the order in which all that starts and stops. Each of them is made only if a component of the process asks for it.
 */
@NullMarked
package io.myelin.server.pipeline;

import org.jspecify.annotations.NullMarked;
