package io.myelin.server.traces;

import io.myelin.kafka.trace.Span;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.kafka.trace.Traces;
import io.myelin.server.observability.JsonLogFormatter;
import io.myelin.server.service.Build;
import io.myelin.server.service.Identity;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Sends spans to an OpenTelemetry collector, in batches, as OTLP over HTTP. Spans that the collector does not take, and those
 * beyond {@value #MOST_WAITING} that wait, are lost. Which requests are traced is not decided here.
 *
 * <p>What a thread that works on a span logs has the trace's ID.
 */
final class OpenTelemetryTraces implements Traces, AutoCloseable {
    private static final int MOST_WAITING = 4_096;
    private static final int MOST_IN_A_BATCH = 512;
    private static final int LONGEST_VALUE = 512;
    private static final int MOST_ATTRIBUTES = 32;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SECONDS_AT_THE_END = 2;

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final ThreadLocal<@Nullable Recorded> current = new ThreadLocal<>();

    OpenTelemetryTraces(SpanExporter exporter, Resource resource) {
        provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(resource))
                .setSampler(Sampler.alwaysOn())
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(LONGEST_VALUE)
                        .setMaxNumberOfAttributes(MOST_ATTRIBUTES)
                        .build())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(PAUSE)
                        .setExporterTimeout(PATIENCE)
                        .setMaxQueueSize(MOST_WAITING)
                        .setMaxExportBatchSize(MOST_IN_A_BATCH)
                        .build())
                .build();
        tracer = provider.get("io.myelin");
    }

    /** @param target the whole address that spans are posted to */
    static OpenTelemetryTraces sentTo(URI target, String serverName, Identity identity) {
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(target.toString())
                .setConnectTimeout(CONNECT)
                .setTimeout(PATIENCE)
                .build();
        Attributes attributes = Attributes.builder()
                .put("service.name", identity.component())
                .put("service.instance.id", identity.instance())
                .put("service.namespace", serverName)
                .put("service.version", Build.ofThisProgram().version())
                .build();
        return new OpenTelemetryTraces(exporter, Resource.create(attributes));
    }

    @Override
    public boolean areOn() {
        return true;
    }

    @Override
    public @Nullable TraceParent current() {
        Recorded span = current.get();
        return span == null ? null : span.place();
    }

    @Override
    public Span begin(Span.Kind kind, String name, @Nullable TraceParent parent) {
        return new Recorded(tracer.spanBuilder(name)
                .setSpanKind(of(kind))
                .setParent(parent == null ? Context.root() : of(parent))
                .startSpan());
    }

    private static Context of(TraceParent parent) {
        return Context.root()
                .with(io.opentelemetry.api.trace.Span.wrap(SpanContext.createFromRemoteParent(
                        parent.trace(), parent.span(), TraceFlags.getSampled(), TraceState.getDefault())));
    }

    private static SpanKind of(Span.Kind kind) {
        return switch (kind) {
            case SERVER -> SpanKind.SERVER;
            case PRODUCER -> SpanKind.PRODUCER;
            case CONSUMER -> SpanKind.CONSUMER;
            case INTERNAL -> SpanKind.INTERNAL;
        };
    }

    /** Sends what has ended, for a while. */
    @Override
    public void close() {
        provider.shutdown().join(SECONDS_AT_THE_END, TimeUnit.SECONDS);
    }

    private final class Recorded implements Span {
        private final io.opentelemetry.api.trace.Span span;
        private final TraceParent place;

        Recorded(io.opentelemetry.api.trace.Span span) {
            this.span = span;
            SpanContext context = span.getSpanContext();
            place = new TraceParent(context.getTraceId(), context.getSpanId(), true);
        }

        @Override
        public TraceParent place() {
            return place;
        }

        @Override
        public Span with(String attribute, String value) {
            span.setAttribute(attribute, value);
            return this;
        }

        @Override
        public Span with(String attribute, long value) {
            span.setAttribute(attribute, value);
            return this;
        }

        @Override
        public Span named(String name) {
            span.updateName(name);
            return this;
        }

        @Override
        public Span failed(String why) {
            span.setStatus(StatusCode.ERROR, why);
            return this;
        }

        @Override
        public Scope enter() {
            Recorded outer = current.get();
            work(this);
            return () -> work(outer);
        }

        private void work(@Nullable Recorded on) {
            if (on == null) {
                current.remove();
                MDC.remove(JsonLogFormatter.TRACE);
            } else {
                current.set(on);
                MDC.put(JsonLogFormatter.TRACE, on.place.trace());
            }
        }

        @Override
        public void end() {
            span.end();
        }
    }
}
