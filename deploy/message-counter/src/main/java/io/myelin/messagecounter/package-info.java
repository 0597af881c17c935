/**
 * The smallest reader that there can be, written as {@code docs/adding-a-service.md} says. Its tests are those of {@code
 * deploy/apart}, where it is on the class path; it is part of no server that somebody runs.
 *
 * <p>{@link io.myelin.messagecounter.MessageCount} is what it knows; {@link io.myelin.messagecounter.kafka} tells it of
 * events, {@link io.myelin.messagecounter.web} shows it to clients.
 */
@NullMarked
package io.myelin.messagecounter;

import org.jspecify.annotations.NullMarked;
