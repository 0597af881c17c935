package io.myelin.allinone;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.server.process.Options;
import io.myelin.server.service.Program;
import io.myelin.server.service.Role;
import io.myelin.server.service.Route;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code services [--json]}: prints the services on the class path, from their descriptions. What deploys a server of
 * several processes is made from this list or checked against it, so that it knows services that come later.
 */
final class ServicesCommand {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String SERVER_SUFFIX = "-server";

    private ServicesCommand() {}

    /** Returns the exit status of the process. */
    static int run(List<String> words) {
        if (!words.isEmpty() && !words.equals(List.of("--json"))) {
            throw new Options.UsageError("Usage: services [--json]");
        }
        if (words.isEmpty()) {
            ServiceDescriptions.all()
                    .forEach(service -> System.out.printf(
                            "%-20s %s%n", service.name(), service.role().label()));
        } else {
            System.out.println(json());
        }
        return 0;
    }

    static String json() {
        return JSON.writeValueAsString(
                ServiceDescriptions.all().stream().map(Service::of).toList());
    }

    /**
     * A service, as deployments need to know it.
     *
     * @param schema its schema in the database; null if it needs no database
     * @param orders the inputs to which it sends orders, beside the topics that it writes
     * @param asks the services whose internal addresses it has to know
     * @param connectsOutside whether it connects to hosts that are no part of the deployment
     * @param clientRequests null if the gateway sends it none; then it has no client port
     */
    record Service(
            String name,
            String role,
            int heapMegabytes,
            @Nullable String schema,
            List<String> reads,
            List<String> writes,
            List<String> orders,
            List<String> asks,
            boolean connectsOutside,
            @Nullable Requests clientRequests,
            Map<String, String> probe) {

        static Service of(ServiceDescription service) {
            var probe = new LinkedHashMap<String, String>();
            probe.put("method", service.probe().method());
            probe.put("path", service.probe().path());
            probe.put("body", service.probe().body());
            return new Service(
                    service.name(),
                    service.role().label(),
                    service.heapMegabytes(),
                    schema(service),
                    names(Program.of(service).followed(), service.reads()),
                    service.writes().stream().map(Topic::name).sorted().toList(),
                    service.orders().stream().map(Topic::name).sorted().toList(),
                    Program.of(service).remoteContracts().stream()
                            .map(Contract::service)
                            .distinct()
                            .sorted()
                            .toList(),
                    service.connectsOutside(),
                    Requests.of(service),
                    probe);
        }

        /** The name of a server is that of its schema, with a suffix; only servers have one. */
        private static @Nullable String schema(ServiceDescription service) {
            return service.role() == Role.SERVER ? service.name().replaceFirst(SERVER_SUFFIX + "$", "") : null;
        }

        private static List<String> names(Collection<Topic<?>> followed, Collection<Topic<?>> read) {
            return Stream.concat(followed.stream(), read.stream())
                    .map(Topic::name)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /**
     * What the gateway sends to a service.
     *
     * @param sharing {@code least-busy}: to the less busy of two instances; {@code by-user}: a user's requests to one
     * @param everythingElse whether it also gets what no service has a rule for
     */
    record Requests(String sharing, boolean everythingElse, List<Rule> rules) {
        static @Nullable Requests of(ServiceDescription service) {
            var requests = service.clientRequests();
            return requests.isEmpty()
                    ? null
                    : new Requests(
                            switch (requests.sharing()) {
                                case LEAST_BUSY -> "least-busy";
                                case BY_USER -> "by-user";
                            },
                            requests.everythingElse(),
                            requests.routes().stream()
                                    .sorted(Route.ORDER)
                                    .map(Rule::of)
                                    .toList());
        }
    }

    /**
     * Requests that belong to the service.
     *
     * @param methods none for all
     * @param parent the beginning of the path; {@code *} stands for any one segment
     * @param names the next segment is one of these
     * @param below whether longer paths match too
     * @param pattern the same as a regular expression for {@code "<method> <path and query as the client wrote them>"}
     */
    record Rule(List<String> methods, String parent, List<String> names, boolean below, String pattern) {
        static Rule of(Route route) {
            return new Rule(route.methods(), route.parent(), route.names(), route.below(), route.pattern());
        }
    }
}
