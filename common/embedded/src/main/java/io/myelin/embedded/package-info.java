/**
 * Real PostgreSQL and real Kafka as parts of one program: unpacked, started, watched and stopped by Myelin
 * itself, with nothing to install and all their data below one directory.
 *
 * <p>{@link io.myelin.embedded.DataDirectory} is that directory and the lock on it.
 * {@link io.myelin.embedded.EmbeddedEngines} starts {@link io.myelin.embedded.EmbeddedPostgresql} and
 * {@link io.myelin.embedded.EmbeddedKafka} side by side and stops them in the order that loses nothing: the broker,
 * then the database. PostgreSQL is a process of its own and may outlive this one; what follows from that is in
 * {@link io.myelin.embedded.EmbeddedPostgresql} (taking over a running one, starting a dead one again) and
 * {@link io.myelin.embedded.OrphanWatcher} (stopping one that nobody came back for).
 */
@NullMarked
package io.myelin.embedded;

import org.jspecify.annotations.NullMarked;
