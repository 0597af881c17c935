package io.myelin.server.observability;

import io.myelin.server.service.ServiceDescription;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Counts the requests that each component answers, and their time. There is one count per component, not per path. */
public final class HttpFigures implements HandlerInterceptor {

    private static final String BEGAN = HttpFigures.class.getName();

    /** The figures of one component. */
    public static final class Requests {
        private final LongAdder count = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        public long count() {
            return count.sum();
        }

        /** How many were answered with 500 or above. */
        long failures() {
            return failures.sum();
        }

        /** The time from each request's arrival to its answer, including the time it was parked. */
        long nanos() {
            return nanos.sum();
        }
    }

    private final Map<String, Requests> byComponent = new ConcurrentHashMap<>();

    private final ClassValue<Optional<Requests>> byController = new ClassValue<>() {
        @Override
        protected Optional<Requests> computeValue(Class<?> type) {
            return Components.ownerOf(type).map(HttpFigures.this::of);
        }
    };

    public Requests of(ServiceDescription component) {
        return byComponent.computeIfAbsent(component.name(), none -> new Requests());
    }

    /** Notes the first call only: there is another one when a parked request is answered. */
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getAttribute(BEGAN) == null) {
            request.setAttribute(BEGAN, System.nanoTime());
        }
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (handler instanceof HandlerMethod method && request.getAttribute(BEGAN) instanceof Long began) {
            byController.get(method.getBeanType()).ifPresent(requests -> {
                requests.count.increment();
                requests.nanos.add(System.nanoTime() - began);
                if (failure != null || response.getStatus() >= 500) {
                    requests.failures.increment();
                }
            });
        }
    }
}
