package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Hides {@link InternalController}s from everybody whom the {@link InternalListener} does not admit. */
final class InternalGuard implements HandlerInterceptor {
    private final @Nullable InternalListener listener;

    /** @param listener null where there is none: then nobody is admitted */
    InternalGuard(@Nullable InternalListener listener) {
        this.listener = listener;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().isAnnotationPresent(InternalController.class)
                && (listener == null || !listener.admits(request))) {
            throw Errors.unrecognizedPath();
        }
        return true;
    }
}
