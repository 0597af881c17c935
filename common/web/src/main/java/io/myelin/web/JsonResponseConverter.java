package io.myelin.web;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServerHttpResponse;

/** Writes what a controller returns: JSON text as {@code byte[]}, {@link Json}, or a {@link JsonResponse}. */
final class JsonResponseConverter implements HttpMessageConverter<Object> {

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return type == byte[].class || type == JsonResponse.class || Json.class.isAssignableFrom(type);
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
        output.getBody().write(body);
    }
}
