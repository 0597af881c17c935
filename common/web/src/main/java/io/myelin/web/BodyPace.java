package io.myelin.web;

import java.time.Duration;

/**
 * How fast a request's body has to arrive: within {@code grace} at the beginning, then at a minimum rate. So a client
 * cannot hold a request open by sending next to nothing.
 *
 * @param grace how long the beginning may take, and any pause
 * @param bytesPerSecond on average after that
 */
record BodyPace(Duration grace, long bytesPerSecond) {
    boolean isTooSlow(long bytes, long nanos) {
        return nanos > grace.toNanos() + bytes * (1_000_000_000.0 / bytesPerSecond);
    }
}
