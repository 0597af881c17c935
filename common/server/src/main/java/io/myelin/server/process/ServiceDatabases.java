package io.myelin.server.process;

import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.Databases;
import io.myelin.settings.DatabaseSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The databases in the settings: that of {@code databases.<service>} where it is set, else the one for all. */
public final class ServiceDatabases implements Databases {
    private final DatabaseSettings settings;
    private final Map<String, String> urlsByService;
    private final Supplier<DatabaseLogin> forAll;

    /** @param forAll waits until the database takes connections */
    ServiceDatabases(DatabaseSettings settings, Map<String, String> urlsByService, Supplier<DatabaseLogin> forAll) {
        this.settings = settings;
        this.urlsByService = Map.copyOf(urlsByService);
        this.forAll = forAll;
    }

    /** The settings {@code databases.<service>} of these services that are set. */
    public static Map<String, String> urls(Environment environment, List<String> services) {
        var binder = Binder.get(environment);
        var urls = new HashMap<String, String>();
        for (var service : services) {
            binder.bind("myelin.databases." + service, String.class).ifBound(url -> urls.put(service, url));
        }
        return urls;
    }

    @Override
    public DatabaseLogin of(String schema) {
        var url = urlsByService.get(schema + "-server");
        return url == null ? forAll.get() : ExternalDatabase.await(settings, url);
    }
}
