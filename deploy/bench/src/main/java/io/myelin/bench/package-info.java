/**
 * A load generator for any Matrix homeserver, made to share a small machine with the server it measures: blocking
 * connections that write prepared bytes and look at little more of an answer than its status.
 *
 * <p>{@code Bench} reads {@code Options}, and runs one {@code Scenario} against each {@code Target} in turn. A scenario
 * prepares accounts and rooms through {@code Client}s, then hands {@code Worker}s to its {@code ScenarioRun}, which warms up,
 * measures and returns a {@code Result}; {@code Report} prints the results side by side. {@code Processes} finds the
 * processes that serve a local port, and measures what they use.
 */
@NullMarked
package io.myelin.bench;

import org.jspecify.annotations.NullMarked;
