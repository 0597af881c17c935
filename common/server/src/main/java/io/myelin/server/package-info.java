/**
 * What all servers have in common: {@link io.myelin.server.ShardOwner} joins the two halves of the engines' shell,
 * Kafka and PostgreSQL. It has one subclass for each engine whose shards have owners.
 */
@NullMarked
package io.myelin.server;

import org.jspecify.annotations.NullMarked;
