/**
 * Real PostgreSQL and real Kafka as parts of one program: unpacked, started, watched and stopped by Myelin itself, with
 * nothing to install and all their data below one directory.
 *
 * <p>{@link io.myelin.embedded.DataDirectory} is that directory and the lock on it. {@link
 * io.myelin.embedded.EmbeddedEngines} starts {@link io.myelin.embedded.EmbeddedPostgresql} and {@link
 * io.myelin.embedded.EmbeddedKafka} in parallel and stops them in the order that loses nothing: the broker, then the
 * database. PostgreSQL is a process of its own and may outlive this one. {@link io.myelin.embedded.EmbeddedPostgresql}
 * therefore takes over a running one and restarts a dead one, and {@link io.myelin.embedded.OrphanWatcher} stops one
 * that no process has taken over.
 */
@NullMarked
package io.myelin.embedded;

import org.jspecify.annotations.NullMarked;
