/**
 * Runs every service on the class path in one process, with its own PostgreSQL and Kafka: {@code ./myelin run}. This module
 * only composes; no service depends on it.
 *
 * <p>{@link io.myelin.allinone.Main} reads the command line. {@link io.myelin.allinone.EmbeddedResources} provides the database,
 * the broker and the data directory. {@link io.myelin.server.process.ComponentProcess} runs the process, as it does for
 * each component apart.
 */
@NullMarked
package io.myelin.allinone;

import org.jspecify.annotations.NullMarked;
