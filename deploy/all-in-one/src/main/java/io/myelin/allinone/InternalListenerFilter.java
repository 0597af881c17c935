package io.myelin.allinone;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Internal paths exist on the internal listener, for those who show its secret, and nothing else exists there. On
 * every other port they are as unknown as any path that was never heard of.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class InternalListenerFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";
    private final InternalListener internal;

    InternalListenerFilter(InternalListener internal) {
        this.internal = internal;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var isInternalPort = request.getLocalPort() == internal.port();
        if (isInternalPort != isInternalPath(request)) {
            refuse(response, HttpServletResponse.SC_NOT_FOUND, "M_UNRECOGNIZED", "Unrecognized request");
        } else if (isInternalPort && !showsSecret(request.getHeader("Authorization"))) {
            refuse(response, HttpServletResponse.SC_UNAUTHORIZED, "M_UNKNOWN_TOKEN", "This needs the internal secret");
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Decided on the same decoded segments by which the request is dispatched. */
    private static boolean isInternalPath(HttpServletRequest request) {
        var segments = ServletRequestPathUtils.parseAndCache(request).elements().stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(element -> ((PathContainer.PathSegment) element).valueToMatch())
                .limit(2)
                .toList();
        return InternalListener.PATH.equals("/" + String.join("/", segments));
    }

    private boolean showsSecret(@Nullable String authorization) {
        return authorization != null
                && authorization.startsWith(BEARER)
                && MessageDigest.isEqual(
                        authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
                        internal.secret().getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(HttpServletResponse response, int status, String code, String message)
            throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.getWriter().write("{\"errcode\":\"" + code + "\",\"error\":\"" + message + "\"}");
    }
}
