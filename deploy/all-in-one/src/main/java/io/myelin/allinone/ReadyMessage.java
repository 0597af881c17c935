package io.myelin.allinone;

import io.myelin.settings.ServerSettings;

/** The message on the terminal when the server is ready: its address, its data directory, and what to do next. */
final class ReadyMessage {
    private ReadyMessage() {}

    static String of(ServerSettings properties, OwnGround ground) {
        return """

                Myelin is ready: %s at %s
                  Data and logs   %s
                  Add a user      ./myelin user add NAME%s
                  Connect         In any Matrix client, "other homeserver": %s
                  Stop            Ctrl-C, or ./myelin stop%s
                """.formatted(
                        properties.serverName(),
                        properties.baseUrl(),
                        ground.directory(),
                        dataOption(properties),
                        properties.baseUrl(),
                        dataOption(properties));
    }

    private static String dataOption(ServerSettings properties) {
        return properties.data().toString().equals("data") ? "" : " --data " + properties.data();
    }
}
