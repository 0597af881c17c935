package io.myelin.web;

import java.time.Duration;

/**
 * How fast a request's body has to come: some time for the beginning, and then so many bytes a second. So a body has an
 * end, and nobody holds a request open by sending next to nothing.
 *
 * @param grace how long the beginning may take, and any pause
 * @param bytesPerSecond on average after that
 */
record BodyPace(Duration grace, long bytesPerSecond) {
    boolean isTooSlow(long bytes, long nanos) {
        return nanos > grace.toNanos() + bytes * (1_000_000_000.0 / bytesPerSecond);
    }
}
