/**
 * The smallest possible reader, written as {@code docs/adding-a-service.md} says. It is tested in {@code deploy/apart},
 * which has it on the class path; it is not part of a server that is deployed.
 *
 * <p>{@link io.myelin.messagecounter.MessageCount} is its state. {@link io.myelin.messagecounter.kafka} updates it from
 * events, and {@link io.myelin.messagecounter.web} shows it to clients.
 */
@NullMarked
package io.myelin.messagecounter;

import org.jspecify.annotations.NullMarked;
