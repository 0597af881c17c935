package io.myelin.web;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServerHttpResponse;

/** Writes what a controller returns: JSON text as {@code byte[]}, {@link Json}, a {@link JsonResponse} or
 * {@link StreamedJson}. */
final class JsonResponseConverter implements HttpMessageConverter<Object> {
    /** A larger answer is sent in parts of about this size. */
    static final int FLUSH_BYTES = 64 << 10;

    private static final int FIRST_BYTES = 2 << 10;

    private final LongSupplier leastBytesASecond;

    /** @param leastBytesASecond the rate at which a client must read a large answer; asked for each */
    JsonResponseConverter(LongSupplier leastBytesASecond) {
        this.leastBytesASecond = leastBytesASecond;
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return type == byte[].class
                || type == JsonResponse.class
                || Json.class.isAssignableFrom(type)
                || StreamedJson.class.isAssignableFrom(type);
    }

    @Override
    public List<MediaType> getSupportedMediaTypes() {
        return List.of(MediaType.APPLICATION_JSON);
    }

    @Override
    public Object read(Class<?> type, HttpInputMessage input) {
        throw new HttpMessageNotReadableException("Bodies are read by " + JsonObjectResolver.class, input);
    }

    @Override
    public void write(Object value, @Nullable MediaType contentType, HttpOutputMessage output) throws IOException {
        if (value instanceof StreamedJson streamed) {
            output.getHeaders().setContentType(contentType == null ? MediaType.APPLICATION_JSON : contentType);
            write(streamed, output);
            return;
        }
        byte[] body = switch (value) {
            case JsonResponse response -> response.body();
            case Json json -> CanonicalJson.encode(json);
            default -> (byte[]) value;
        };
        if (value instanceof JsonResponse response && output instanceof ServerHttpResponse http) {
            http.setStatusCode(HttpStatusCode.valueOf(response.status()));
        }
        output.getHeaders().setContentType(contentType == null ? MediaType.APPLICATION_JSON : contentType);
        output.getHeaders().setContentLength(body.length);
        if (body.length <= FLUSH_BYTES) {
            output.getBody().write(body);
        } else {
            writeInParts(body, output);
        }
    }

    /** Writes a large answer in parts, so that a client that reads too slowly is cut off. */
    private void writeInParts(byte[] body, HttpOutputMessage output) throws IOException {
        try (ResponseStream stream =
                new ResponseStream(_ -> {}, output, leastBytesASecond.getAsLong(), System::nanoTime)) {
            for (int from = 0; from < body.length; from += FLUSH_BYTES) {
                byte[] part = Arrays.copyOfRange(body, from, Math.min(body.length, from + FLUSH_BYTES));
                stream.take(part, part.length);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Writes a streamed answer; the stream is closed even if writing fails. */
    @SuppressWarnings("try") // the turn is only to be given back
    private void write(StreamedJson streamed, HttpOutputMessage output) throws IOException {
        try (ResponseStream stream =
                new ResponseStream(streamed, output, leastBytesASecond.getAsLong(), System::nanoTime)) {
            JsonWriter out = new JsonWriter(FIRST_BYTES, FLUSH_BYTES, stream::take);
            streamed.writeTo(out);
            stream.end(out.toBytes());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
