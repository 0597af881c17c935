/**
 * What a process says of itself: its health to everybody, its status to those who know the secret, its figures to Prometheus.
 * Nothing here counts anything on the way of a request or a record but {@link io.myelin.server.observability.HttpFigures}.
 */
@NullMarked
package io.myelin.server.observability;

import org.jspecify.annotations.NullMarked;
