package io.myelin.roomserver;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.contracts.room.RoomContracts;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.check.Invariant;
import io.myelin.roomserver.config.RoomServer;
import io.myelin.roomserver.config.RoomServerConfiguration;
import io.myelin.roomserver.config.RoomServerSettings;
import io.myelin.roomserver.storage.RoomInvariants;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import java.util.List;
import java.util.Optional;

/** Owns rooms: their events, state, aliases and listing. */
public final class RoomServerDescription implements ServiceDescription {
    @Override
    public String name() {
        return "room-server";
    }

    @Override
    public Role role() {
        return Role.SERVER;
    }

    @Override
    public List<Topic<?>> reads() {
        return List.of(RoomTopics.INPUT);
    }

    @Override
    public List<Topic<?>> writes() {
        return List.of(RoomTopics.OUTPUT);
    }

    @Override
    public List<Topic.Commands<?>> orders() {
        return List.of(RoomTopics.INPUT, ReceiptTopics.INPUT, AccountTopics.INPUT);
    }

    @Override
    public List<Contract<?>> offers() {
        return List.of(RoomContracts.QUERIES, RoomContracts.GRAPH);
    }

    @Override
    public Class<?> configuration() {
        return RoomServerConfiguration.class;
    }

    @Override
    public List<Class<? extends Record>> settings() {
        return List.of(RoomServerSettings.class);
    }

    @Override
    public Optional<ServiceSchema> schema() {
        return Optional.of(ServiceSchema.ofShards(RoomServer.NAME));
    }

    @Override
    public List<Invariant> invariants() {
        return RoomInvariants.ALL;
    }

    @Override
    public int heapMegabytes() {
        return 448;
    }

    @Override
    public Probe probe() {
        return new Probe("PUT", "/_matrix/client/v3/rooms/{room}/state/m.room.topic/", "{\"topic\":\"x\"}");
    }
}
