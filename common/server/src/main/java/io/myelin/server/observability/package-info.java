/**
 * What a process reports about itself: its health to every caller, its status to callers that know the secret, its
 * figures to Prometheus. Only {@link io.myelin.server.observability.HttpFigures} counts anything while a request or a
 * record is processed.
 */
@NullMarked
package io.myelin.server.observability;

import org.jspecify.annotations.NullMarked;
