package io.myelin.server.listen;

import io.myelin.settings.ConfigurationRefused;
import io.myelin.settings.ServerSettings;
import io.myelin.web.InternalListener;
import io.myelin.web.InternalSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/**
 * The port on which a process listens for the other processes of its server, and for tools on this machine.
 *
 * @param address to listen on
 * @param number the port
 * @param secret the secret that callers prove to know
 * @param url the address at which other processes reach it
 */
public record InternalPort(String address, int number, String secret, URI url) {
    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::", "[::]");

    /** The port of a process that shares a secret file with the others. */
    public static InternalPort of(ServerSettings properties) {
        var file = properties.internalSecret();
        try {
            var configured = properties.listeners().internalPort();
            return of(
                    properties,
                    configured == 0 ? freePort() : configured,
                    Files.readString(file).strip());
        } catch (IOException e) {
            throw new ConfigurationRefused(List.of("internal-secret-file: " + file + " cannot be read. It has to be"
                    + " there before the processes start, with the same long random text for all of them."));
        }
    }

    /** The internal port with a given number and secret. */
    public static InternalPort of(ServerSettings properties, int number, String secret) {
        var listeners = properties.listeners();
        var url = listeners.internalUrl() == null
                ? "http://" + reachable(listeners.internalAddress()) + ":" + number
                : listeners.internalUrl().toString().replaceAll("/+$", "");
        return new InternalPort(listeners.internalAddress(), number, secret, URI.create(url));
    }

    /** The address at which others reach a process that listens on this one; if it listens on all, that of this machine. */
    private static String reachable(String address) {
        if (!ALL_ADDRESSES.contains(address)) {
            return OwnAddress.inUrl(address);
        }
        return OwnAddress.find()
                .orElseThrow(() -> new ConfigurationRefused(List.of("listeners.internal-url is missing:"
                        + " listeners.internal-address is " + address
                        + ", and this machine has no address at which others reach it.")));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The listener that admits requests to internal controllers. */
    public InternalListener listener() {
        return new InternalListener(() -> number, Set.of(InternalSecret.portOf(url)), secret);
    }
}
