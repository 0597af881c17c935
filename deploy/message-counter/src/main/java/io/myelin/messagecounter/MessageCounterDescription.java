package io.myelin.messagecounter;

import io.myelin.contracts.Topic;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.messagecounter.config.MessageCounterConfiguration;
import io.myelin.server.service.ClientRequests;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.Route;
import io.myelin.server.service.ServiceDescription;
import java.util.List;

/** A reader that counts messages. */
public final class MessageCounterDescription implements ServiceDescription {
    @Override
    public String name() {
        return "message-counter";
    }

    @Override
    public Role role() {
        return Role.READER;
    }

    @Override
    public List<Topic<?>> reads() {
        return List.of(RoomTopics.OUTPUT);
    }

    @Override
    public Class<?> configuration() {
        return MessageCounterConfiguration.class;
    }

    @Override
    public int heapMegabytes() {
        return 128;
    }

    @Override
    public ClientRequests clientRequests() {
        return ClientRequests.of(Route.to("/_myelin", "message_count"));
    }

    @Override
    public Probe probe() {
        return Probe.get("/_myelin/message_count");
    }
}
