package io.myelin.typingserver.config;

import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.contracts.typing.TypingContracts;
import io.myelin.contracts.typing.TypingQueries;
import io.myelin.kafka.Shell;
import io.myelin.postgres.Databases;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.EphemeralServer;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.rpc.Served;
import io.myelin.settings.ServerSettings;
import io.myelin.typingserver.typing.TypingRules;
import io.myelin.typingserver.typing.Typists;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans of typing-server. Needs {@link ServerSettings}, {@link TypingServerSettings}, the {@link Databases}, the
 * {@link Shell} and an {@link InternalPort}.
 */
@Configuration(proxyBeanMethods = false)
public class TypingServerConfiguration {

    /** Spring makes this bean before the shell, so that the schema is made while Kafka starts. */
    @Bean(destroyMethod = "")
    ServiceDatabase typingDatabase(Databases databases) {
        return ServiceDatabase.ephemeral(TypingServer.NAME, databases.of(TypingServer.NAME), 1);
    }

    @Bean
    TypingServer typingServer(
            ServerSettings properties,
            TypingServerSettings settings,
            InternalPort internalPort,
            @Qualifier("typingDatabase") ServiceDatabase database,
            Shell shell) {
        var limits = settings.limits();
        return TypingServer.of(
                properties.ephemeralShards(),
                new TypingRules(limits.typing(), limits.typists()),
                internalPort.url().toString(),
                database,
                shell.kafka(),
                shell.watch());
    }

    @Bean
    EphemeralServer<SetTyping, Typists, RoomTyping> typingShards(TypingServer server) {
        return server.shards();
    }

    @Bean
    TypingQueries typingQueries(TypingServer server) {
        return server.queries();
    }

    @Bean
    Served<TypingQueries> servedTypingQueries(TypingServer server) {
        return new Served<>(TypingContracts.QUERIES, server.queries(), server.shards());
    }
}
