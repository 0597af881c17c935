package io.myelin.server.observability;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Gives each request an ID, which is in what the log says while its controller runs, and in the answer. A proxy in front may
 * give the ID in the same header. The room is that of the request's path.
 */
final class RequestLogContext implements AsyncHandlerInterceptor {
    static final String HEADER = "X-Request-Id";
    static final String REQUEST = "request";
    static final String ROOM = "room";

    private static final String ATTRIBUTE = RequestLogContext.class.getName();
    private static final String ROOM_OF_PATH = "roomId";
    private static final int LONGEST_ROOM = 255;
    private static final Pattern GIVEN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        var id = id(request);
        if (!response.isCommitted()) {
            response.setHeader(HEADER, id);
        }
        MDC.put(REQUEST, id);
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                && variables.get(ROOM_OF_PATH) instanceof String room
                && room.length() <= LONGEST_ROOM) {
            MDC.put(ROOM, room);
        }
        return true;
    }

    /** The same when a parked request goes on. Not a secret: drawn cheaply. */
    private static String id(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        var given = request.getHeader(HEADER);
        var id = given != null && GIVEN.matcher(given).matches()
                ? given
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        clear();
    }

    @Override
    public void afterConcurrentHandlingStarted(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        clear();
    }

    private static void clear() {
        MDC.remove(REQUEST);
        MDC.remove(ROOM);
    }
}
