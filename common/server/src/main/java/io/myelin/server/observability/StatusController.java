package io.myelin.server.observability;

import io.myelin.server.ShardOwnership;
import io.myelin.web.InternalController;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code GET /_myelin/internal/status}: what {@code ./myelin status} shows of this process. */
@InternalController
public class StatusController {
    private final String component;
    private final String instance;
    private final Health health;
    private final List<ShardOwnership> servers;

    /** @param servers those of this process */
    public StatusController(String component, String instance, Health health, List<ShardOwnership> servers) {
        this.component = component;
        this.instance = instance;
        this.health = health;
        this.servers = servers;
    }

    /**
     * @param trouble why it is not ready
     * @param shards that this instance owns, of all its services
     * @param services the same by service
     */
    record Status(
            String component,
            String instance,
            long pid,
            boolean ready,
            @Nullable String trouble,
            List<Integer> shards,
            Map<String, List<Integer>> services) {}

    @GetMapping("/_myelin/internal/status")
    Status status() {
        var services = new TreeMap<String, List<Integer>>();
        var shards = new ArrayList<Integer>();
        servers.forEach(server -> {
            var owned = server.owned();
            services.put(server.component(), owned);
            shards.addAll(owned);
        });
        var trouble = health.trouble();
        return new Status(
                component, instance, ProcessHandle.current().pid(), trouble == null, trouble, shards, services);
    }
}
