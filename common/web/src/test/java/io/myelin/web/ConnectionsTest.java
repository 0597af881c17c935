package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to a connection after a request that is none, or too large. */
class ConnectionsTest {
    @AutoClose
    private static final RunningWebLayer web = new RunningWebLayer();

    @ParameterizedTest
    @CsvSource({"/_matrix/%zz", "/_matrix/%ff", "/_matrix/client/v3/number?limit=%zz", "/_matrix/%"})
    void answersAnAddressThatIsNoneAsAMatrixError(String target) throws IOException {
        String answer = web.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .containsPattern("^HTTP/1.1 4\\d\\d ")
                .contains("\"errcode\":\"M_")
                .contains("application/json");
    }

    @Test
    void refusesTraceAndEchoesNothing() throws IOException {
        assertThat(web.raw("TRACE /_matrix/client/v3/whoami HTTP/1.1\r\nHost: localhost\r\nX-Secret: echo-me\r\n"
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("M_UNRECOGNIZED")
                .doesNotContain("echo-me");
    }

    @Test
    void answersWhatIsNotHttpAsAMatrixError() throws IOException {
        assertThat(web.raw("GET\r\n\r\n")).contains("\"errcode\":\"M_UNKNOWN\"").doesNotContain("<html", "jetty");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /_myelin/internal/echo, 404",
        "PUT, /_matrix/client/v3/nothing, 404",
        "PUT, /_matrix/client/v3/rooms/no-room/state/a/b, 400",
        "PUT, /_matrix/client/v3/whoami?x=%00, 400",
        "OPTIONS, /_matrix/client/v3/whoami, 204",
    })
    void keepsAConnectionWhoseRequestWasAnsweredBeforeItsBodyCame(String method, String path, int status)
            throws IOException {
        try (Socket socket = new Socket("localhost", web.port())) {
            var out = socket.getOutputStream();
            out.write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            if (status >= 400) { // A refusal comes at once.
                assertThat(in.readLine()).startsWith("HTTP/1.1 " + status);
            }
            out.write(
                    ("{}GET /_matrix/client/v3/number?limit=3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(in.lines()).anyMatch(line -> line.contains("\"limit\":3"));
        }
    }

    @Test
    void saysThatItClosesAConnectionWhoseBodyIsTooLarge() throws IOException {
        assertThat(web.raw("PUT /_matrix/client/v3/rooms/!a:b/state/a/b HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Length: 70000\r\n\r\n"))
                .contains("M_TOO_LARGE")
                .containsIgnoringCase("Connection: close");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /_matrix/client/v3/rooms/%00/state, 0",
        "PUT, /_matrix/client/v3/rooms/%00/state, 3",
        "PUT, /_matrix/client/v3/rooms/!a:b/state/a/%00, 3",
        "GET, /_matrix/client/v3/rooms/%00/state, 0",
        "GET, /_matrix/%zz, 0",
        "PUT, /_matrix/client/v3/nothing, 3000000",
        "PUT, /_matrix/client/v3/nothing, 300000",
    })
    void eitherKeepsAConnectionOrSaysThatItClosesIt(String method, String path, int body) throws IOException {
        try (Socket socket = new Socket("localhost", web.port())) {
            send(
                    socket,
                    method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body + "\r\n\r\n"
                            + "x".repeat(body));
            assertKeptOrClosed(socket);
        }
    }

    @ParameterizedTest
    @CsvSource({"10, /_matrix/client/v3/nothing", "1000000, /_matrix/client/v3/nothing", "10, /_matrix/%00"})
    void eitherKeepsAConnectionOrSaysThatItClosesItAfterABodyOfUnknownLength(int body, String path) throws IOException {
        try (Socket socket = new Socket("localhost", web.port())) {
            send(
                    socket,
                    "PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + Integer.toHexString(body) + "\r\n" + "x".repeat(body) + "\r\n0\r\n\r\n");
            assertKeptOrClosed(socket);
        }
    }

    private static void assertKeptOrClosed(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        assertThat(in.readLine()).startsWith("HTTP/1.1 4");
        boolean closes = false;
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            closes |= line.equalsIgnoreCase("Connection: close");
            length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
        }
        assertThat(in.skip(length)).isEqualTo(length);
        if (!closes) {
            socket.getOutputStream()
                    .write("GET /_matrix/client/v3/number?limit=3 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    /** Sends a request, of which the server may refuse to read the whole body. */
    private static void send(Socket socket, String request) {
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException closed) {
            // The server has answered before it closed the connection; the caller checks next whether it announced
            // that.
        }
    }
}
