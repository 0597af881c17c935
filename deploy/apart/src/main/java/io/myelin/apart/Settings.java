package io.myelin.apart;

import io.myelin.embedded.DatabaseLogin;
import io.myelin.settings.ServerSettings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings of each process beyond the shared configuration: its name, its listeners, and the addresses of the other
 * processes.
 */
final class Settings {
    private static final int CONNECTIONS = 8;

    private final Map<String, String> common;
    private final Plan plan;
    private final Ports ports;

    /**
     * @param given the settings in the supervisor's own environment
     * @param database where PostgreSQL is
     * @param kafka {@code bootstrap.servers}
     * @param embeddedKafka the client settings of the embedded broker; empty for another broker, whose settings are in the
     *     configuration
     */
    Settings(
            Map<String, String> given,
            ServerSettings properties,
            DatabaseLogin database,
            String kafka,
            Map<String, String> embeddedKafka,
            Plan plan,
            Ports ports) {
        this.plan = plan;
        this.ports = ports;
        common = new HashMap<>(given);
        common.put("MYELIN_PUBLIC_BASE_URL", properties.baseUrl());
        common.put("MYELIN_DATABASE_URL", database.url());
        common.put("MYELIN_DATABASE_USER", database.user());
        if (properties.database().isEmbedded() || properties.database().passwordFile() == null) {
            common.put("MYELIN_DATABASE_PASSWORD", database.password());
        }
        common.put(
                "MYELIN_DATABASE_POOL_SIZE",
                Integer.toString(Math.min(CONNECTIONS, properties.database().poolSize())));
        common.put("MYELIN_KAFKA_BOOTSTRAP_SERVERS", kafka);
        embeddedKafka.forEach((name, value) ->
                common.put("MYELIN_KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value));
        common.put("MYELIN_LISTENERS_ADDRESS", "127.0.0.1");
        common.put("MYELIN_LISTENERS_INTERNAL_ADDRESS", "127.0.0.1");
        for (var component : Component.all()) {
            if (component.isService()) {
                common.put(
                        "MYELIN_SERVICES_" + component.variable(),
                        plan.instances(component).stream()
                                .map(instance -> "http://127.0.0.1:" + ports.internal(instance))
                                .collect(Collectors.joining(",")));
            }
        }
    }

    /** The settings as environment variables. */
    Map<String, String> of(Instance instance) {
        var settings = new HashMap<>(common);
        settings.put("MYELIN_INSTANCE", instance.toString());
        settings.put("MYELIN_LISTENERS_INTERNAL_PORT", Integer.toString(ports.internal(instance)));
        settings.remove("MYELIN_LISTENERS_CLIENT_PORT");
        settings.remove("MYELIN_LISTENERS_FEDERATION_PORT");
        if (instance.component().servesClients()) {
            settings.put("MYELIN_LISTENERS_CLIENT_PORT", Integer.toString(ports.client(instance)));
        }
        return settings;
    }

    /** How many database connections all processes may open together. */
    static int connections(Plan plan) {
        var processes = plan.instances().stream()
                .filter(instance -> instance.component().isService())
                .count();
        return (int) (processes * 20 + 20);
    }
}
