package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {

    @Test
    void readsOneResponseAfterAnother() throws IOException {
        var reader = reading("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirst"
                + "HTTP/1.1 404 Not Found\r\nContent-Length:2\r\nX-Other: 1\r\n\r\n{}");
        assertThat(reader.read().text()).isEqualTo("first");
        var second = reader.read();
        assertThat(second.status()).isEqualTo(404);
        assertThat(second.text()).isEqualTo("{}");
        assertThat(reader.reusable()).isTrue();
    }

    /** The result does not depend on how the bytes are split into reads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void joinsChunks(int atOnce) throws IOException {
        var reader = reading(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "4\r\nMatr\r\nA;extension=1\r\nix, a prot\r\n3\r\noco\r\n1\r\nl\r\n0\r\nTrailer: x\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext",
                atOnce);
        assertThat(reader.read().text()).isEqualTo("Matrix, a protocol");
        assertThat(reader.read().text()).isEqualTo("next");
    }

    @Test
    void readsHeadsAndBodiesLargerThanTheBuffer() throws IOException {
        var body = "x".repeat(100_000);
        var reader =
                reading("HTTP/1.1 200 OK\r\nX-Long: " + "y".repeat(9000) + "\r\nContent-Length: 100000\r\n\r\n" + body);
        assertThat(reader.read().text()).isEqualTo(body);
    }

    @Test
    void takesEverythingUntilTheEndWhereThereIsNoLength() throws IOException {
        var reader = reading("HTTP/1.1 200 OK\r\n\r\nall there is");
        assertThat(reader.read().text()).isEqualTo("all there is");
        assertThat(reader.reusable()).isFalse();
    }

    @Test
    void skipsInterimResponses() throws IOException {
        var reader = reading("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
        var answer = reader.read();
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void noticesThatTheServerWillClose() throws IOException {
        var reader = reading("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n");
        reader.read();
        assertThat(reader.reusable()).isFalse();
    }

    @Test
    void tellsAnEndBeforeTheResponseFromOneWithinIt() {
        assertThatThrownBy(() -> reading("").read()).isInstanceOf(ResponseReader.ClosedBeforeResponse.class);
        assertThatThrownBy(() -> reading("HTTP/1.1 200 O").read())
                .isInstanceOf(EOFException.class)
                .isNotInstanceOf(ResponseReader.ClosedBeforeResponse.class);
        assertThatThrownBy(() -> reading("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")
                        .read())
                .isInstanceOf(EOFException.class);
    }

    @Test
    void refusesWhatIsNotHttp() {
        assertThatThrownBy(() -> reading("SSH-2.0-OpenSSH\r\n").read()).hasMessageContaining("not an HTTP response");
        assertThatThrownBy(() -> reading("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n")
                        .read())
                .hasMessageContaining("expected a number");
    }

    private static ResponseReader reading(String text) {
        return reading(text, Integer.MAX_VALUE);
    }

    private static ResponseReader reading(String text, int atOnce) {
        var source = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        var bytes = new FilterInputStream(source) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, atOnce));
            }
        };
        return new ResponseReader(bytes);
    }
}
