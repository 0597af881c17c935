package io.myelin.allinone;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code health [URL]}: asks a process of this machine whether it can do its work. The exit status is 0 if it can, and 1
 * if not.
 *
 * <p>A container's health check starts it every few seconds in a Java of its own, by {@link #main}. So it uses as few
 * classes as it can, and no HTTP client: it reads the first line of the answer.
 */
public final class HealthCommand {
    private static final int MILLIS = 4_000;
    /** The internal port of a process in a container, where nothing says another. */
    static final String USUAL_PORT = "8009";

    private static final String READINESS = "/actuator/health/readiness";
    /** {@code HTTP/1.1 200}. */
    private static final int STATUS_LINE_BYTES = 12;

    private static final int STATUS_AT = 9;

    private HealthCommand() {}

    /** {@code main [URL]}: exits with the status of {@link #run}. */
    public static void main(String[] words) {
        System.exit(run(List.of(words)));
    }

    /** The address at which the server of the data directory says whether it is ready. */
    static String address(Map<String, String> environment) {
        var data = Path.of(environment.getOrDefault("MYELIN_DATA", "data"));
        String port;
        try {
            port = DataFiles.internalPort(data, environment);
        } catch (IOException e) {
            port = USUAL_PORT;
        }
        return "http://127.0.0.1:" + port + READINESS;
    }

    /** Returns the exit status of the process. */
    static int run(List<String> words) {
        var address = words.isEmpty() ? address(System.getenv()) : words.getFirst();
        try {
            var status = statusOf(URI.create(address));
            if (status.equals("200")) {
                return 0;
            }
            System.err.println(address + " answers " + status + ": the process is starting or stopping,"
                    + " or something that it needs does not work. Its log says what.");
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(address + " does not answer: " + e.getMessage());
        }
        return 1;
    }

    private static String statusOf(URI address) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), MILLIS);
            socket.setSoTimeout(MILLIS);
            socket.getOutputStream()
                    .write(("GET " + address.getRawPath() + " HTTP/1.0\r\nHost: " + address.getRawAuthority()
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var line = new String(socket.getInputStream().readNBytes(STATUS_LINE_BYTES), StandardCharsets.US_ASCII);
            if (!line.startsWith("HTTP/1.") || line.length() < STATUS_LINE_BYTES) {
                throw new IOException("it is no HTTP server");
            }
            return line.substring(STATUS_AT);
        }
    }
}
