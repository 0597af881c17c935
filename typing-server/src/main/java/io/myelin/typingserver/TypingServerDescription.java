package io.myelin.typingserver;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.typing.TypingContracts;
import io.myelin.contracts.typing.TypingTopics;
import io.myelin.postgres.ServiceSchema;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import io.myelin.typingserver.config.TypingServerConfiguration;
import io.myelin.typingserver.config.TypingServerSettings;
import java.util.List;
import java.util.Optional;

/** Owns who is typing in which room. */
public final class TypingServerDescription implements ServiceDescription {
    @Override
    public String name() {
        return "typing-server";
    }

    @Override
    public Role role() {
        return Role.SERVER;
    }

    @Override
    public List<Topic<?>> reads() {
        return List.of(TypingTopics.INPUT);
    }

    @Override
    public List<Topic<?>> writes() {
        return List.of(TypingTopics.OUTPUT);
    }

    @Override
    public List<Contract<?>> offers() {
        return List.of(TypingContracts.QUERIES);
    }

    @Override
    public Class<?> configuration() {
        return TypingServerConfiguration.class;
    }

    @Override
    public List<Class<? extends Record>> settings() {
        return List.of(TypingServerSettings.class);
    }

    @Override
    public Optional<ServiceSchema> schema() {
        return Optional.of(ServiceSchema.ephemeral("typing"));
    }

    @Override
    public int heapMegabytes() {
        return 128;
    }

    @Override
    public Probe probe() {
        return new Probe("PUT", "/_matrix/client/v3/rooms/{room}/typing/{user}", "{\"typing\":true,\"timeout\":1000}");
    }
}
