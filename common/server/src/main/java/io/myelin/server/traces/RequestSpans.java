package io.myelin.server.traces;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.myelin.kafka.trace.Span;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.kafka.trace.Traces;
import io.myelin.settings.TraceSettings;
import io.myelin.web.InternalListener;
import io.myelin.web.address.ClientAddresses;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The spans of requests, from their arrival to the end of their answers. The thread that runs a request's controller works on
 * its span.
 *
 * <p>A request of a client or of another server begins a trace if chance says so. It continues somebody else's trace only if
 * it comes from a trusted proxy, and the settings say that these know what they pass on; otherwise whoever wants could have
 * everything traced. A call by another process of this server is traced exactly if its caller is. Requests for health and
 * figures never are.
 */
public final class RequestSpans implements ObservationHandler<ServerRequestObservationContext> {
    /** The key of the service, which the timings have too. */
    private static final String SERVICE = "service";

    private static final int FAILURE = 500;

    private final Traces traces;
    private final InternalListener internal;
    private final ClientAddresses addresses;
    private final Supplier<TraceSettings> settings;

    /** @param settings asked at each request */
    RequestSpans(
            Traces traces, InternalListener internal, ClientAddresses addresses, Supplier<TraceSettings> settings) {
        this.traces = traces;
        this.internal = internal;
        this.addresses = addresses;
        this.settings = settings;
    }

    /** Whether there can be any. */
    public boolean areOn() {
        return traces.areOn();
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ServerRequestObservationContext;
    }

    @Override
    public void onStart(ServerRequestObservationContext context) {
        HttpServletRequest request = context.getCarrier();
        if (request != null) {
            Span span = begin(request);
            if (span != null) {
                context.put(Span.class, span);
            }
        }
    }

    private @Nullable Span begin(HttpServletRequest request) {
        if (internal.received(request)) {
            TraceParent caller = InternalListener.hasAdmitted(request) ? parentOf(request) : null;
            return caller != null && caller.sampled() ? begin(request, caller) : null;
        }
        TraceSettings now = settings.get();
        if (now.fromProxies() && addresses.isFromTrustedProxy(request)) {
            TraceParent given = parentOf(request);
            if (given != null) {
                return given.sampled() ? begin(request, given) : null;
            }
        }
        return ThreadLocalRandom.current().nextDouble() < now.sampled() ? begin(request, null) : null;
    }

    private static @Nullable TraceParent parentOf(HttpServletRequest request) {
        return TraceParent.parse(request.getHeader(TraceParent.HEADER));
    }

    private Span begin(HttpServletRequest request, @Nullable TraceParent parent) {
        return traces.begin(Span.Kind.SERVER, request.getMethod(), parent)
                .with("http.request.method", request.getMethod());
    }

    @Override
    public void onScopeOpened(ServerRequestObservationContext context) {
        Span span = context.get(Span.class);
        if (span != null) {
            context.put(Span.Scope.class, span.enter());
        }
    }

    @Override
    public void onScopeClosed(ServerRequestObservationContext context) {
        Span.Scope scope = context.get(Span.Scope.class);
        if (scope != null) {
            context.remove(Span.Scope.class);
            scope.close();
        }
    }

    @Override
    public void onStop(ServerRequestObservationContext context) {
        Span span = context.get(Span.class);
        if (span != null) {
            describe(span, context);
            span.end();
        }
    }

    /** What is known only at the end. The path itself is left out: it names rooms and users. */
    private static void describe(Span span, ServerRequestObservationContext context) {
        HttpServletRequest request = context.getCarrier();
        String pattern = context.getPathPattern();
        if (request != null && pattern != null) {
            span.named(request.getMethod() + " " + pattern).with("http.route", pattern);
            operation(span, request);
        }
        KeyValue service = context.getLowCardinalityKeyValue(SERVICE);
        if (service != null) {
            span.with("myelin.service", service.getValue());
        }
        HttpServletResponse response = context.getResponse();
        if (response != null) {
            span.with("http.response.status_code", response.getStatus());
            if (response.getStatus() >= FAILURE) {
                span.failed("answered " + response.getStatus());
            }
        }
        Throwable error = context.getError();
        if (error != null) {
            span.failed(error.toString());
        }
    }

    /** Which operation of a contract another process called. */
    private static void operation(Span span, HttpServletRequest request) {
        if (InternalListener.hasAdmitted(request)
                && request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                && variables.get("operation") instanceof String operation) {
            span.with("rpc.method", variables.get("service") + "/" + variables.get("contract") + "/" + operation);
        }
    }
}
