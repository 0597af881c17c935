package io.myelin.web;

import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Reads a request's body as a {@link JsonObject}, whatever content type it claims. See {@link Body}. */
final class JsonObjectResolver implements HandlerMethodArgumentResolver {
    private final IntSupplier maxBytes;

    JsonObjectResolver(IntSupplier maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == JsonObject.class;
    }

    @Override
    public JsonObject resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binders)
            throws IOException {
        Body body = parameter.getParameterAnnotation(Body.class);
        byte[] bytes = RequestBody.read(
                Objects.requireNonNull(webRequest.getNativeRequest(HttpServletRequest.class)), maxBytes.getAsInt());
        if (bytes.length == 0 && body != null && body.optional()) {
            return JsonObject.EMPTY;
        }
        boolean decimals = body != null && body.decimals();
        return JsonParser.parseObject(bytes, decimals ? JsonRules.LENIENT : JsonRules.STRICT);
    }
}
