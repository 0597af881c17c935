package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;

class JsonWriterTest {

    @Test
    void setsTheCommas() {
        byte[] json = new JsonWriter(1)
                .beginObject()
                .field("a", 1)
                .name("b")
                .beginArray()
                .value("x")
                .beginObject()
                .endObject()
                .value(true)
                .beginArray()
                .endArray()
                .endArray()
                .field("c", false)
                .endObject()
                .toBytes();
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":1,\"b\":[\"x\",{},true,[]],\"c\":false}");
    }

    @Test
    void splicesContentAsItIs() {
        byte[] content = "{\"body\":  \"hi\"}".getBytes(StandardCharsets.UTF_8);
        byte[] json = new JsonWriter()
                .beginObject()
                .field("content", content)
                .field("type", "m.room.message")
                .name("part")
                .raw(content, 1, 6)
                .endObject()
                .toBytes();
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"content\":{\"body\":  \"hi\"},\"type\":\"m.room.message\",\"part\":\"body\"}");
    }

    @Test
    void keepsNoMoreThanAPartOfWhatASinkTakes() {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        List<Integer> parts = new ArrayList<>();
        JsonWriter writer = new JsonWriter(16, 100, (bytes, length) -> {
            parts.add(length);
            taken.write(bytes, 0, length);
        });
        JsonWriter whole = new JsonWriter();
        for (JsonWriter out : List.of(writer, whole)) {
            out.beginObject().name("list").beginArray();
            for (int i = 0; i < 100; i++) {
                out.beginObject().field("number", i).endObject();
            }
            out.endArray().endObject();
        }
        taken.writeBytes(writer.toBytes());

        assertThat(taken.toByteArray()).isEqualTo(whole.toBytes());
        assertThat(parts).hasSizeGreaterThan(5).allMatch(length -> length >= 100 && length < 130);
    }

    @Test
    void goesOnForASlowClientAfterALongWaitForItsTurnAndEndsForOneThatHardlyReads() throws IOException {
        AtomicLong seconds = new AtomicLong(100);
        StreamedJson waits = new StreamedJson() {
            @Override
            public void writeTo(JsonWriter out) {}

            @Override
            public SendPermit turn() {
                seconds.addAndGet(3600);
                return () -> {};
            }
        };
        HttpOutputMessage output = new HttpOutputMessage() {
            @Override
            public OutputStream getBody() {
                return OutputStream.nullOutputStream();
            }

            @Override
            public HttpHeaders getHeaders() {
                return new HttpHeaders();
            }
        };
        try (ResponseStream stream =
                new ResponseStream(waits, output, 4096, () -> TimeUnit.SECONDS.toNanos(seconds.get()))) {
            byte[] part = new byte[JsonResponseConverter.FLUSH_BYTES];
            for (int i = 0; i < 20; i++) {
                stream.take(part, part.length);
                seconds.addAndGet(16); // 4 KB a second
            }
            seconds.addAndGet(60);
            assertThatThrownBy(() -> stream.take(part, part.length))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("4096 bytes a second");
        }
    }

    @Test
    void sendsALargeArrayInPartsToo() throws IOException {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        List<Integer> parts = new ArrayList<>();
        HttpHeaders headers = new HttpHeaders();
        HttpOutputMessage output = new HttpOutputMessage() {
            @Override
            public OutputStream getBody() {
                return new OutputStream() {
                    @Override
                    public void write(int one) {
                        throw new AssertionError("byte by byte");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        parts.add(length);
                        taken.write(bytes, offset, length);
                    }
                };
            }

            @Override
            public HttpHeaders getHeaders() {
                return headers;
            }
        };
        byte[] body = "x".repeat(150_000).getBytes(StandardCharsets.UTF_8);

        new JsonResponseConverter(() -> 4096).write(body, null, output);

        assertThat(taken.toByteArray()).isEqualTo(body);
        assertThat(parts).containsExactly(65_536, 65_536, 18_928);
        assertThat(headers.getContentLength()).isEqualTo(body.length);
    }

    @Test
    void refusesALoneSurrogateAsWhatIsSignedDoes() {
        for (String text : List.of("\ud83d", "a\udc00b", "\udc00\ud83d")) {
            assertThatThrownBy(() -> new JsonWriter().value(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void writesAnyTextSoThatItReadsBack() {
        String text = "\0\b\t\n\f\r\"\\/ \u007f é € \uD83D\uDE00 plain \u2028".repeat(20);
        byte[] json =
                new JsonWriter(16).beginObject().field(text, text).endObject().toBytes();
        assertThat(JsonParser.parseObject(json)).isEqualTo(JsonObject.of(text, text));
    }
}
