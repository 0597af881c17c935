/**
 * The part of the engines' shell that stands on PostgreSQL: {@link io.myelin.postgres.ShardClaims} says who owns which
 * shard, {@link io.myelin.postgres.PostgresShardStore} keeps a service's shards, with the rows that the service's
 * {@link io.myelin.postgres.ServiceTables} make of its facts.
 *
 * <p>Services read through a {@link io.myelin.postgres.ServiceDatabase}, which gives them a snapshot as Spring's {@link
 * org.springframework.jdbc.core.simple.JdbcClient}. The shell uses plain JDBC for writes and on connections of its own:
 * there the SQLSTATE decides what happens next.
 */
@NullMarked
package io.myelin.postgres;

import org.jspecify.annotations.NullMarked;
