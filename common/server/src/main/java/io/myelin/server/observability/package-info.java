/**
 * What a process reports about itself: health, build and figures to everybody on the internal port, below {@code
 * /actuator}; its status to callers that know the secret. Requests are timed while they are answered; all other figures
 * are read from what the parts of the process count anyway.
 */
@NullMarked
package io.myelin.server.observability;

import org.jspecify.annotations.NullMarked;
