package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Hides {@link InternalController}s from all requests that the {@link InternalFilter} has not admitted. */
final class InternalGuard implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().isAnnotationPresent(InternalController.class)
                && !InternalListener.hasAdmitted(request)) {
            throw Errors.unrecognizedPath();
        }
        return true;
    }
}
