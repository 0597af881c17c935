/**
 * Events that are sent later (MSC4140): {@code ScheduledEvents} takes requests about them, {@code DueEvents} sends those whose
 * time has come. account-server keeps them.
 */
@NullMarked
package io.myelin.clientroomsend.delayed;

import org.jspecify.annotations.NullMarked;
