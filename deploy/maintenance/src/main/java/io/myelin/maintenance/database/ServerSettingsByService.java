package io.myelin.maintenance.database;

import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceSchema;
import io.myelin.server.process.ServiceDatabases;
import io.myelin.server.service.ServiceDescriptions;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ServerSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.StandardEnvironment;

/**
 * A server's settings, as far as they say where its data are.
 *
 * @param databaseUrls of the services that have a database of their own
 */
public record ServerSettingsByService(ServerSettings server, Map<String, String> databaseUrls) {

    public ServerSettingsByService {
        databaseUrls = Map.copyOf(databaseUrls);
    }

    /**
     * Reads the configuration, as the server does.
     *
     * @param file null if there is none
     * @param given what the command line sets, by the setting's key
     * @throws io.myelin.settings.ConfigurationRefused if it is not allowed
     */
    public static ServerSettingsByService read(@Nullable Path file, Map<String, String> given) {
        var environment = new StandardEnvironment();
        ServerSettings server = ConfigurationLoader.load(environment, file, given, ServiceDescriptions.settings())
                .server();
        return new ServerSettingsByService(
                server, ServiceDatabases.urls(environment, ServiceDescriptions.withDatabase()));
    }

    /** Whether the server starts a database itself. */
    boolean needsOwnDatabase() {
        return server.database().isEmbedded()
                && ServerDatabases.schemas().stream()
                        .anyMatch(schema -> configured(schema).isEmpty());
    }

    /** The database that the configuration names for a schema. */
    Optional<DatabaseLogin> configured(ServiceSchema schema) {
        var database = server.database();
        return Optional.ofNullable(databaseUrls.get(schema.name() + "-server"))
                .or(() -> Optional.ofNullable(database.url()))
                .map(url -> new DatabaseLogin(url, database.user(), database.givenPassword()));
    }
}
