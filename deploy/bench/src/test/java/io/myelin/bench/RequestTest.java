package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestTest {

    private static final Endpoint SERVER = Endpoint.of("http://localhost:8008/base/");

    @Test
    void saysHowLongItsBodyIsInBytes() {
        assertThat(text(Request.put(SERVER, "secret", "/path", "{\"body\":\"ü\"}")))
                .isEqualTo("PUT /base/path HTTP/1.1\r\nHost: localhost:8008\r\nAuthorization: Bearer secret\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"body\":\"ü\"}");
    }

    @Test
    void hasNeitherBodyNorTokenWhereThereIsNone() {
        assertThat(text(Request.get(SERVER, "", "/path")))
                .isEqualTo("GET /base/path HTTP/1.1\r\nHost: localhost:8008\r\n\r\n");
    }

    @Test
    void encodesWhatAPathWouldCut() {
        assertThat(Request.encode("!room/1?:hs ")).isEqualTo("%21room%2F1%3F%3Ahs%20");
    }

    @Test
    void countsWithoutChangingItsLength() {
        var request =
                new NumberedRequest(("PUT /t" + NumberedRequest.NUMBER + "/x").getBytes(StandardCharsets.US_ASCII));
        assertThat(text(request.with(0))).isEqualTo("PUT /t0000000000/x");
        assertThat(text(request.with(1234567890L))).isEqualTo("PUT /t1234567890/x");
    }

    @Test
    void refusesWhatIsNoUrlOfAServer() {
        assertThatThrownBy(() -> Endpoint.of("ftp://localhost")).hasMessageContaining("--url ftp://localhost");
        assertThat(Endpoint.of("localhost:8008").port()).isEqualTo(8008);
        assertThat(Endpoint.of("https://matrix.example").port()).isEqualTo(443);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
