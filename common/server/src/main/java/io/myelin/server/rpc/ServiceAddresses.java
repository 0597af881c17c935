package io.myelin.server.rpc;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The addresses of services that are processes of their own: the internal addresses of some of their instances, without
 * a slash at the end.
 *
 * @param byService no entry for a service that is not configured
 */
public record ServiceAddresses(Map<String, List<URI>> byService) {

    /** The addresses of these services in the settings {@code services.<name>}. */
    public static ServiceAddresses in(Environment environment, List<String> services) {
        var binder = Binder.get(environment);
        var addresses = new LinkedHashMap<String, List<URI>>();
        for (var service : services) {
            binder.bind("myelin.services." + service, String.class)
                    .ifBound(list -> addresses.put(
                            service,
                            Arrays.stream(list.split(",", -1))
                                    .map(address -> URI.create(address.replaceAll("/+$", "")))
                                    .toList()));
        }
        return new ServiceAddresses(addresses);
    }

    /** The addresses of one service. */
    List<URI> of(String service) {
        return byService.getOrDefault(service, List.of());
    }
}
