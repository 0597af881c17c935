package io.myelin.server.rpc;

import io.myelin.contracts.Contract;
import io.myelin.kafka.trace.Traces;
import io.myelin.server.listen.InternalPort;
import io.myelin.settings.ConfigurationRefused;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The services in other processes, as this one calls them. */
public final class Services implements AutoCloseable {
    private final int shards;
    private final ServiceAddresses addresses;
    private final InternalPort self;
    private final InternalHttp http;
    private final Map<String, Instances> instances = new ConcurrentHashMap<>();

    /** @param traces of the callers, which calls pass on */
    public Services(int shards, ServiceAddresses addresses, InternalPort self, Traces traces) {
        this.shards = shards;
        this.addresses = addresses;
        this.self = self;
        this.http = new InternalHttp(self.secret(), traces);
    }

    /**
     * A contract that any instance of its service fulfils.
     *
     * @throws ConfigurationRefused if the service's addresses are not configured
     */
    public <T> T of(Contract<T> contract) {
        return RemoteCalls.proxy(contract, shards, instances.computeIfAbsent(contract.service(), this::find), http);
    }

    private Instances find(String service) {
        var configured = addresses.of(service);
        if (configured.isEmpty()) {
            throw new ConfigurationRefused(List.of(
                    "services." + service + " is missing: this process needs to know where " + service + " is."));
        }
        return new Instances(service, configured, self.url(), http);
    }

    @Override
    public void close() {
        http.close();
    }
}
