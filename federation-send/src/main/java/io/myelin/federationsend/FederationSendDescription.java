package io.myelin.federationsend;

import io.myelin.federationsend.config.FederationSendConfiguration;
import io.myelin.federationsend.config.FederationSendSettings;
import io.myelin.server.service.ClientRequests;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.Route;
import io.myelin.server.service.ServiceDescription;
import java.util.List;

/** The service that talks to other servers, in both directions. */
public final class FederationSendDescription implements ServiceDescription {
    @Override
    public String name() {
        return "federation-send";
    }

    @Override
    public Role role() {
        return Role.WRITER;
    }

    @Override
    public Class<?> configuration() {
        return FederationSendConfiguration.class;
    }

    @Override
    public List<Class<? extends Record>> settings() {
        return List.of(FederationSendSettings.class);
    }

    @Override
    public int heapMegabytes() {
        return 160;
    }

    @Override
    public ClientRequests clientRequests() {
        return ClientRequests.of(Route.to("/_matrix", "federation", "key"));
    }

    @Override
    public boolean connectsOutside() {
        return true;
    }

    @Override
    public Probe probe() {
        return Probe.get("/_matrix/key/v2/server");
    }
}
