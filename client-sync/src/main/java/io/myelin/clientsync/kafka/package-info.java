/** The subscriptions to the topics of the servers, and the publishers to theirs. */
@NullMarked
package io.myelin.clientsync.kafka;

import org.jspecify.annotations.NullMarked;
