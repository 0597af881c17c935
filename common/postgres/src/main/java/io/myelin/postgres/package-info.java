/**
 * The part of the engines' shell that stands on PostgreSQL: {@link io.myelin.postgres.ShardClaims} says who owns which shard,
 * {@link io.myelin.postgres.PostgresShardStore} keeps a service's shards, with the rows that the service's {@link
 * io.myelin.postgres.ServiceTables} make of its facts.
 */
@NullMarked
package io.myelin.postgres;

import org.jspecify.annotations.NullMarked;
