package io.myelin.presenceserver;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.presence.PresenceContracts;
import io.myelin.contracts.presence.PresenceTopics;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.check.Invariant;
import io.myelin.presenceserver.config.PresenceServerConfiguration;
import io.myelin.presenceserver.storage.PresenceInvariants;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import java.util.List;
import java.util.Optional;

/** Owns who is online. */
public final class PresenceServerDescription implements ServiceDescription {
    @Override
    public String name() {
        return "presence-server";
    }

    @Override
    public Role role() {
        return Role.SERVER;
    }

    @Override
    public List<Topic<?>> reads() {
        return List.of(PresenceTopics.INPUT, PresenceTopics.ACTIVITY);
    }

    @Override
    public List<Topic<?>> writes() {
        return List.of(PresenceTopics.OUTPUT);
    }

    @Override
    public List<Contract<?>> offers() {
        return List.of(PresenceContracts.QUERIES);
    }

    @Override
    public Class<?> configuration() {
        return PresenceServerConfiguration.class;
    }

    @Override
    public Optional<ServiceSchema> schema() {
        return Optional.of(ServiceSchema.ephemeralWithTables("presence"));
    }

    @Override
    public List<Invariant> invariants() {
        return PresenceInvariants.ALL;
    }

    @Override
    public int heapMegabytes() {
        return 160;
    }

    @Override
    public Probe probe() {
        return new Probe("PUT", "/_matrix/client/v3/presence/{user}/status", "{\"presence\":\"online\"}");
    }
}
