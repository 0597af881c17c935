/**
 * The part of the engines' shell that stands on PostgreSQL: {@link io.myelin.postgres.PostgresShardStore} keeps a
 * service's shards, with the rows that the service's {@link io.myelin.postgres.ServiceTables} make of its facts.
 *
 * <p>Services read through a {@link io.myelin.postgres.ServiceDatabase}, which gives them a snapshot as Spring's
 * {@link org.springframework.jdbc.core.simple.JdbcClient}. What writes, and what the shell asks on connections of its own, is
 * plain JDBC: there the SQLSTATE decides what happens next.
 */
@NullMarked
package io.myelin.postgres;

import org.jspecify.annotations.NullMarked;
