package io.myelin.roomserver;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.room.RoomContracts;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.roomserver.config.RoomServerConfiguration;
import io.myelin.roomserver.config.RoomServerSettings;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import java.util.List;

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
    public int heapMegabytes() {
        return 448;
    }

    @Override
    public Probe probe() {
        return new Probe("PUT", "/_matrix/client/v3/rooms/{room}/state/m.room.topic/", "{\"topic\":\"x\"}");
    }
}
