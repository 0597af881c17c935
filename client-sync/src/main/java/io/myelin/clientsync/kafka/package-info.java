/** The subscriptions to the two logs. */
@NullMarked
package io.myelin.clientsync.kafka;

import org.jspecify.annotations.NullMarked;
