package io.myelin.allinone;

import io.myelin.settings.ServerSettings;

/**
 * The message on the terminal when the server is ready: its address, its data directory, and what to do next. In a container
 * the system property {@code myelin.container-launcher} says how a verb is called there.
 */
final class ReadyMessage {
    private ReadyMessage() {}

    static String of(ServerSettings properties, EmbeddedResources resources) {
        var container = System.getProperty("myelin.container-launcher");
        var option = properties.data().toString().equals("data") ? "" : " --data " + properties.data();
        return """

                Myelin is ready: %s at %s
                  Data and logs   %s
                  Add a user      %s
                  Connect         In any Matrix client, "other homeserver": %s
                  Stop            %s
                """.formatted(
                        properties.serverName(),
                        properties.baseUrl(),
                        resources.directory(),
                        container == null ? "./myelin user add NAME" + option : container + " user add NAME",
                        properties.baseUrl(),
                        container == null ? "Ctrl-C, or ./myelin stop" + option : "Stop the container");
    }
}
