package io.myelin.server.observability;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.core.env.Environment;

/**
 * Writes each event of the log as one line with one JSON object: {@code time}, {@code level}, {@code logger}, {@code
 * message}, {@code service}, {@code instance}, {@code thread}, and where they are known {@code exception}, {@code request},
 * {@code trace}, {@code shard} and {@code room}. Message and exception are cut off at a limit, so a line has a bounded length.
 *
 * <p>Shard and room are those that the message names (see {@link LogSubject}); otherwise those of the request.
 */
public final class JsonLogFormatter implements StructuredLogFormatter<ILoggingEvent> {
    /** The name of a trace's ID in the log's context. */
    public static final String TRACE = "trace";

    /** The property that says which process this is. */
    public static final String SERVICE = "myelin.log.service";

    /** The property that says which instance of it this is. */
    public static final String INSTANCE = "myelin.log.instance";

    static final int MESSAGE_CHARACTERS = 8 << 10;
    static final int EXCEPTION_CHARACTERS = 32 << 10;

    private static final String OURS = "io.myelin.";

    private static final Map<String, String> SERVICE_BY_PACKAGE = ServiceDescriptions.all().stream()
            .collect(Collectors.toUnmodifiableMap(JsonLogFormatter::packageName, ServiceDescription::name));

    private final String program;
    private final JsonWriter<ILoggingEvent> writer;

    public JsonLogFormatter(Environment environment) {
        program = environment.getProperty(SERVICE, "");
        var instance = environment.getProperty(INSTANCE, program);
        writer = JsonWriter.<ILoggingEvent>of(members -> {
                    members.add("time", event -> event.getInstant().toString());
                    members.add("level", event -> event.getLevel().toString());
                    members.add("logger", ILoggingEvent::getLoggerName);
                    members.add("message", event -> cut(event.getFormattedMessage(), MESSAGE_CHARACTERS));
                    members.add("service", event -> service(event.getLoggerName()));
                    members.add("instance", instance);
                    members.add("thread", ILoggingEvent::getThreadName);
                    members.add("request", ofRequest(RequestLogContext.REQUEST)).whenNotNull();
                    members.add(TRACE, ofRequest(TRACE)).whenNotNull();
                    members.add("shard", LogSubject::shard).whenNotNull();
                    members.add("room", JsonLogFormatter::room).whenNotNull();
                    members.add("exception", event -> exception(event.getThrowableProxy()))
                            .whenNotNull();
                })
                .withNewLineAtEnd();
    }

    @Override
    public String format(ILoggingEvent event) {
        return writer.writeToString(event);
    }

    /** The service that the logger is part of; for what services have in common, the program. */
    private String service(String logger) {
        if (!logger.startsWith(OURS)) {
            return program;
        }
        var end = logger.indexOf('.', OURS.length());
        return SERVICE_BY_PACKAGE.getOrDefault(end < 0 ? logger : logger.substring(0, end), program);
    }

    private static String packageName(ServiceDescription service) {
        return service.getClass().getPackageName();
    }

    private static JsonWriter.Extractor<ILoggingEvent, @Nullable String> ofRequest(String name) {
        Function<ILoggingEvent, @Nullable String> value =
                event -> event.getMDCPropertyMap().get(name);
        return value::apply;
    }

    private static @Nullable String room(ILoggingEvent event) {
        var named = LogSubject.room(event);
        return named == null ? event.getMDCPropertyMap().get(RequestLogContext.ROOM) : named;
    }

    private static @Nullable String exception(@Nullable IThrowableProxy thrown) {
        return thrown == null ? null : cut(ThrowableProxyUtil.asString(thrown), EXCEPTION_CHARACTERS);
    }

    private static String cut(@Nullable String text, int most) {
        var all = String.valueOf(text);
        if (all.length() <= most) {
            return all;
        }
        // Both halves of a surrogate pair, or none.
        var end = Character.isHighSurrogate(all.charAt(most - 1)) ? most - 1 : most;
        return all.substring(0, end) + "... (" + (all.length() - end) + " more characters)";
    }
}
