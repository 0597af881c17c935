/**
 * Every service on the class path in one process, with PostgreSQL and Kafka of its own: what {@code ./myelin run} runs. A
 * composition and nothing else; no service knows that it is here.
 *
 * <p>{@link io.myelin.allinone.Main} reads the command line, {@link io.myelin.allinone.OwnGround} is what the services stand on. The life of the process is {@link
 * io.myelin.server.process.ComponentProcess}'s, as that of each component apart.
 */
@NullMarked
package io.myelin.allinone;

import org.jspecify.annotations.NullMarked;
