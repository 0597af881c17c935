package io.myelin.presenceserver.config;

import io.myelin.contracts.presence.PresenceContracts;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.kafka.Shell;
import io.myelin.postgres.Databases;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.presenceserver.presence.KnownPresence;
import io.myelin.server.EphemeralServer;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.rpc.Served;
import io.myelin.settings.ServerSettings;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans of presence-server. Needs {@link ServerSettings}, the {@link Databases}, the {@link Shell} and an {@link
 * InternalPort}.
 */
@Configuration(proxyBeanMethods = false)
public class PresenceServerConfiguration {

    /** Spring makes this bean before the shell, so that the schema is migrated while Kafka starts. */
    @Bean(destroyMethod = "")
    ServiceDatabase presenceDatabase(Databases databases) {
        return ServiceDatabase.ephemeralWithTables(PresenceServer.NAME, databases.of(PresenceServer.NAME), 2);
    }

    @Bean
    PresenceServer presenceServer(
            ServerSettings properties,
            InternalPort internalPort,
            @Qualifier("presenceDatabase") ServiceDatabase database,
            Shell shell) {
        return PresenceServer.of(
                properties.ephemeralShards(), internalPort.url().toString(), database, shell.kafka(), shell.watch());
    }

    @Bean
    EphemeralServer<PresenceInput, KnownPresence, UserPresence> presenceShards(PresenceServer server) {
        return server.shards();
    }

    @Bean
    PresenceQueries presenceQueries(PresenceServer server) {
        return server.queries();
    }

    @Bean
    Served<PresenceQueries> servedPresenceQueries(PresenceServer server) {
        return new Served<>(PresenceContracts.QUERIES, server.queries(), server.shards());
    }
}
