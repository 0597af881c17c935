package io.myelin.kafka.trace;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks elsewhere, and records those that were given by a thread that works on a span: each is a span of its own below
 * that one. Of the tasks that one span causes, only the first {@value #MOST} in a row are recorded, since a message may wake
 * thousands of requests.
 */
public final class TracedExecutor implements Executor {
    static final int MOST = 16;

    private final Executor executor;
    private final Traces traces;
    private final String service;
    private final String name;
    private @Nullable TraceParent last;
    private int count;

    /**
     * @param service whose tasks they are
     * @param name of the spans
     */
    public TracedExecutor(Executor executor, Traces traces, String service, String name) {
        this.executor = executor;
        this.traces = traces;
        this.service = service;
        this.name = name;
    }

    @Override
    public void execute(Runnable task) {
        TraceParent cause = traces.current();
        if (cause == null || !isRecorded(cause)) {
            executor.execute(task);
            return;
        }
        Span span = traces.begin(Span.Kind.INTERNAL, name, cause).with("myelin.service", service);
        executor.execute(() -> {
            try (Span.Scope _ = span.enter()) {
                task.run();
            } finally {
                span.end();
            }
        });
    }

    private synchronized boolean isRecorded(TraceParent cause) {
        if (!cause.equals(last)) {
            last = cause;
            count = 0;
        }
        return ++count <= MOST;
    }
}
