package io.myelin.apart;

import io.myelin.settings.ServerSettings;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The message on the terminal when everything is ready: that of all-in-one, and the running components. */
final class ReadyMessage {
    private ReadyMessage() {}

    static String of(ServerSettings properties, Path data, Plan plan) {
        var option = properties.data().toString().equals("data") ? "" : " --data " + properties.data();
        var runs = plan.counts().entrySet().stream()
                .map(entry -> entry.getKey().id() + (entry.getValue() == 1 ? "" : " x" + entry.getValue()))
                .collect(Collectors.joining(", "));
        return """

                Myelin is ready: %s at %s
                  Processes       %s
                  Look at them    ./myelin status%s
                  Data and logs   %s
                  Add a user      ./myelin user add NAME%s
                  Connect         In any Matrix client, "other homeserver": %s
                  Stop            Ctrl-C, or ./myelin stop%s
                """.formatted(
                        properties.serverName(),
                        properties.baseUrl(),
                        runs,
                        option,
                        data,
                        option,
                        properties.baseUrl(),
                        option);
    }
}
