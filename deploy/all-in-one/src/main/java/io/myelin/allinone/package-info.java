/**
 * Every component in one process, with PostgreSQL and Kafka of its own: what {@code ./myelin run} runs. A composition
 * and nothing else; no component knows that it is here.
 *
 * <p>{@link io.myelin.allinone.Main} reads the command line, {@link io.myelin.allinone.Server} is the life of a server
 * from its configuration to its last byte, {@link io.myelin.allinone.AllInOne} the beans,
 * {@link io.myelin.allinone.Listeners} the three ports.
 */
@NullMarked
package io.myelin.allinone;

import org.jspecify.annotations.NullMarked;
