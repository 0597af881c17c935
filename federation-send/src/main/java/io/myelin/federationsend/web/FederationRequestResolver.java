package io.myelin.federationsend.web;

import io.myelin.federationsend.transport.authentication.RequestCheck;
import io.myelin.federation.authentication.Unauthenticated;
import io.myelin.federation.authentication.XMatrix;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Checks a request's signature before its controller is called. See {@link FederationRequest}. */
public final class FederationRequestResolver implements HandlerMethodArgumentResolver {
    /** The size of a transaction of 50 PDUs and 100 EDUs, each as large as an event may be. */
    private static final int MAX_BYTES = 150 * 65_536;

    /** Allows the levels around events, and the decimals in events of old rooms. */
    private static final JsonRules WITH_EVENTS = JsonRules.LENIENT.withMaxDepth(JsonRules.MAX_DEPTH_OF_EVENTS + 10);

    private final RequestCheck check;

    public FederationRequestResolver(RequestCheck check) {
        this.check = check;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == FederationRequest.class;
    }

    @Override
    public FederationRequest resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binders)
            throws IOException {
        var request = Objects.requireNonNull(webRequest.getNativeRequest(HttpServletRequest.class));
        try {
            List<XMatrix> claims = check.claims(Collections.list(request.getHeaders("Authorization")));
            Json content = content(request);
            ServerName origin = check.origin(claims, request.getMethod(), uri(request), content);
            return new FederationRequest(origin, content);
        } catch (Unauthenticated e) {
            throw new MatrixException(401, "M_UNAUTHORIZED", String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Json content(HttpServletRequest request) throws IOException {
        byte[] bytes = RequestBody.read(request, MAX_BYTES);
        return bytes.length == 0 ? null : JsonParser.parse(bytes, WITH_EVENTS);
    }

    /** The path and query as they were sent, without decoding. */
    private static String uri(HttpServletRequest request) {
        String query = request.getQueryString();
        return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    }
}
