package io.myelin.server;

import org.springframework.context.SmartLifecycle;

/**
 * The order in which a server's parts start, and, backwards, stop: {@link SmartLifecycle#getPhase()}.
 *
 * <p>The embedded engines start before the first bean is made and run until the last one is gone. The first bean that
 * needs the database waits for it; the broker is waited for in a phase of its own. The web server has Spring Boot's
 * phases, between {@link #WRITERS} and {@link #PARKED_REQUESTS}: it starts after everything that answers requests, and
 * has ended all requests before any of that stops.
 */
public final class Phases {
    /** The broker takes requests. */
    public static final int BROKER = 900;
    /** Topics are made, and their partitions counted. */
    public static final int TOPICS = 1000;
    /** Shards are leased and commands decided; at the end shards are drained and released. */
    public static final int RUNTIMES = 2000;
    /** Readers follow the logs. */
    public static final int TAILS = 3000;
    /** Writers know their reply partition and take commands. */
    public static final int WRITERS = 4000;
    /** Stops first: parked requests are answered at once, and no more are parked. */
    public static final int PARKED_REQUESTS = SmartLifecycle.DEFAULT_PHASE;

    private Phases() {}
}
