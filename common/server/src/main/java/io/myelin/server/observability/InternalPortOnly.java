package io.myelin.server.observability;

import io.myelin.web.InternalListener;
import io.myelin.web.MatrixException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Answers 404 to requests that did not come in on the internal port. That port is on 127.0.0.1 or in a private network;
 * those who ask there for health and figures have no secret to prove.
 */
record InternalPortOnly(InternalListener internal) implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!internal.received(request)) {
            throw new MatrixException(404, "M_UNRECOGNIZED", "There is no such endpoint.");
        }
        return true;
    }
}
