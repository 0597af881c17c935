package io.myelin.server.wiring;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Where the other processes' internal listeners are.
 *
 * @param byComponent as {@link Component#label} names it; nothing where everything is in this process
 * @param secret which they want to be shown
 */
public record Addresses(Map<String, List<URI>> byComponent, String secret) {}
